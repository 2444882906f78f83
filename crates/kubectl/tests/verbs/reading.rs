//! `get`, `describe`, `explain`, `events` and the small ones.

use expect_test::expect;

use super::check_web;

#[test]
fn types_and_names() {
    check_web(
        r"
$ get deploy
$ get deployment/web rs -o name
$ get deployment/web deployment/nope
$ get deployments.apps web -o name
$ get deploy,svc
$ get jobs
$ get foo
$ get deployment nope
$ get
$ get pods -l app=nope
$ get pods -l 'app in (web'
$ get deployment web -n nope
$ get pods -A --no-headers -o custom-columns=N:.metadata.namespace
$ get deploy -o foo
$ get deploy web --field-selector=metadata.name=web
$ get deploy --field-selector=spec.replicas=3
$ get ns
",
        expect![[r#"
            $ get deploy
            NAME   READY   UP-TO-DATE   AVAILABLE   AGE
            web    3/3     3            3           60s
            $ get deployment/web rs -o name
            ! error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'
            exit 1
            $ get deployment/web deployment/nope
            NAME   READY   UP-TO-DATE   AVAILABLE   AGE
            web    3/3     3            3           60s
            ! Error from server (NotFound): deployments.apps "nope" not found
            exit 1
            $ get deployments.apps web -o name
            deployment.apps/web
            $ get deploy,svc
            NAME                  READY   UP-TO-DATE   AVAILABLE   AGE
            deployment.apps/web   3/3     3            3           60s
            $ get jobs
            ! No resources found in default namespace.
            $ get foo
            ! error: the server doesn't have a resource type "foo"
            exit 1
            $ get deployment nope
            ! Error from server (NotFound): deployments.apps "nope" not found
            exit 1
            $ get
            ! You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.
            ! 
            ! error: Required resource not specified.
            ! Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).
            ! See 'kubectl get -h' for help and examples
            exit 1
            $ get pods -l app=nope
            ! No resources found in default namespace.
            $ get pods -l 'app in (web'
            ! Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "app in (web", field selector "": unable to parse requirement: found '', expected: ',' or ')'
            exit 1
            $ get deployment web -n nope
            ! Error from server (NotFound): namespaces "nope" not found
            exit 1
            $ get pods -A --no-headers -o custom-columns=N:.metadata.namespace
            default
            default
            default
            $ get deploy -o foo
            ! error: unable to match a printer suitable for the output format "foo", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml
            exit 1
            $ get deploy web --field-selector=metadata.name=web
            ! error: name cannot be provided when a selector is specified
            exit 1
            $ get deploy --field-selector=spec.replicas=3
            ! Error from server (BadRequest): Unable to find "apps/v1, Resource=deployments" that match label selector "", field selector "spec.replicas=3": "spec.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"
            exit 1
            $ get ns
            NAME              STATUS   AGE
            default           Active   60s
            kube-node-lease   Active   60s
            kube-public       Active   60s
            kube-system       Active   60s
        "#]],
    );
}

#[test]
fn small_ones() {
    check_web(
        r"
$ version
$ api-versions
$ cluster-info
$ explain deployment.nope
$ explain nope
$ events --for deployment/web
$ describe deployment nope
$ describe
$ options
",
        expect![[r#"
            $ version
            Client Version: v1.36.2
            Kustomize Version: v5.8.1
            Server Version: v1.36.2
            $ api-versions
            admissionregistration.k8s.io/v1
            apiextensions.k8s.io/v1
            apiregistration.k8s.io/v1
            apps/v1
            authentication.k8s.io/v1
            authorization.k8s.io/v1
            autoscaling/v1
            autoscaling/v2
            batch/v1
            certificates.k8s.io/v1
            coordination.k8s.io/v1
            discovery.k8s.io/v1
            events.k8s.io/v1
            flowcontrol.apiserver.k8s.io/v1
            networking.k8s.io/v1
            node.k8s.io/v1
            policy/v1
            rbac.authorization.k8s.io/v1
            resource.k8s.io/v1
            scheduling.k8s.io/v1
            storage.k8s.io/v1
            v1
            $ cluster-info
            Kubernetes control plane is running at rollscope://this-page

            To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.
            $ explain deployment.nope
            ! error: field "nope" does not exist
            exit 1
            $ explain nope
            ! the server doesn't have a resource type "nope"
            exit 1
            $ events --for deployment/web
            LAST SEEN   TYPE     REASON              OBJECT           MESSAGE
            60s         Normal   ScalingReplicaSet   Deployment/web   Scaled up replica set web-77ff4b4f76 from 0 to 3
            $ describe deployment nope
            ! Error from server (NotFound): deployments.apps "nope" not found
            exit 1
            $ describe
            ! error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.
            exit 1
            $ options
            The following options can be passed to any command:

                -n, --namespace='':
            	The namespace to work in; otherwise default.

                --context='':
            	There is one cluster: refused.

                --cluster='':
            	There is one cluster: refused.

                --user='':
            	There is one user: refused.

                --kubeconfig='':
            	There is no configuration file: refused.

                -s, --server='':
            	There is one cluster: refused.

                --token='':
            	There is one user: refused.

                --username='':
            	There is one user: refused.

                --password='':
            	There is one user: refused.

                --as='':
            	There is one user: refused.

                --as-uid='':
            	There is one user: refused.

                --as-group=[]:
            	There is one user: refused.

                --as-user-extra=[]:
            	There is one user: refused.

                --certificate-authority='':
            	There are no certificates: refused.

                --client-certificate='':
            	There are no certificates: refused.

                --client-key='':
            	There are no certificates: refused.

                --tls-server-name='':
            	There are no certificates: refused.

                --insecure-skip-tls-verify=false:
            	Has no effect here.

                --disable-compression=false:
            	Has no effect here.

                --match-server-version=false:
            	Has no effect here.

                --warnings-as-errors=false:
            	Warnings of the server fail the command.

                --cache-dir='':
            	Has no effect here.

                --kuberc='':
            	Has no effect here.

                --profile='none':
            	Has no effect here.

                --profile-output='':
            	Has no effect here.

                --request-timeout='0':
            	Has no effect here.

                --log-flush-frequency='5s':
            	Has no effect here.

                -v, --v=0:
            	Has no effect here.

                --vmodule='':
            	Has no effect here.

        "#]],
    );
}

#[test]
fn names_have_to_fit_into_a_requests_path() {
    check_web(
        r"
$ get deploy a%b
$ get deploy/..
$ describe deploy .
$ delete deploy a%b
$ scale deploy a%b --replicas=1
$ rollout status deploy/a%b
file slash.yaml
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: a/b%c
$ apply -f slash.yaml
",
        expect![[r#"
            $ get deploy a%b
            ! invalid resource name "a%b": [may not contain '%']
            exit 1
            $ get deploy/..
            ! invalid resource name "..": [may not be '..']
            exit 1
            $ describe deploy .
            ! invalid resource name ".": [may not be '.']
            exit 1
            $ delete deploy a%b
            ! error: invalid resource name "a%b": [may not contain '%']
            exit 1
            $ scale deploy a%b --replicas=1
            ! error: invalid resource name "a%b": [may not contain '%']
            exit 1
            $ rollout status deploy/a%b
            ! error: invalid resource name "a%b": [may not contain '%']
            exit 1
            $ apply -f slash.yaml
            ! error: error when retrieving current configuration of:
            ! Resource: "apps/v1, Resource=deployments", GroupVersionKind: "apps/v1, Kind=Deployment"
            ! Name: "a/b%c", Namespace: "default"
            ! from server for: "slash.yaml": invalid resource name "a/b%c": [may not contain '/' may not contain '%']
            exit 1
        "#]],
    );
}
