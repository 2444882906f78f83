//! What is typed wrong, and what the playground has no room for.

use expect_test::expect;

use super::check_web;

#[test]
fn wrong_flags() {
    check_web(
        r"
$ get pods --foo
$ get pods -z
$ get pods -o
$ get pods --watch=maybe
$ rollout undo deployment/web --to-revision=1.5
$ scale deployment/web --replicas=99999999999
$ rollout status deployment/web --timeout=5
$ delete pods --all --grace-period=x
$ apply -f web.yaml --dry-run=maybe
$ apply -f web.yaml --validate=maybe
$ create -f
",
        expect![[r#"
            $ get pods --foo
            ! error: unknown flag: --foo
            ! See 'kubectl get --help' for usage.
            exit 1
            $ get pods -z
            ! error: unknown shorthand flag: 'z' in -z
            ! See 'kubectl get --help' for usage.
            exit 1
            $ get pods -o
            ! error: flag needs an argument: 'o' in -o
            ! See 'kubectl get --help' for usage.
            exit 1
            $ get pods --watch=maybe
            ! error: invalid argument "maybe" for "-w, --watch" flag: strconv.ParseBool: parsing "maybe": invalid syntax
            ! See 'kubectl get --help' for usage.
            exit 1
            $ rollout undo deployment/web --to-revision=1.5
            ! error: invalid argument "1.5" for "--to-revision" flag: strconv.ParseInt: parsing "1.5": invalid syntax
            ! See 'kubectl rollout undo --help' for usage.
            exit 1
            $ scale deployment/web --replicas=99999999999
            ! The request is invalid: patch: Invalid value: "{\"apiVersion\":\"autoscaling/v1\",\"kind\":\"Scale\",\"metadata\":{\"creationTimestamp\":\"2026-01-05T09:00:00Z\",\"name\":\"web\",\"namespace\":\"default\",\"resourceVersion\":\"54\",\"uid\":\"971d5c52-c724-4ae7-9fee-8dbd6837d05d\"},\"spec\":{\"replicas\":99999999999},\"status\":{\"replicas\":3,\"selector\":\"app=web\"}}": json: cannot unmarshal number 99999999999 into Go struct field ScaleSpec.spec.replicas of type int32
            exit 1
            $ rollout status deployment/web --timeout=5
            ! error: invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"
            ! See 'kubectl rollout status --help' for usage.
            exit 1
            $ delete pods --all --grace-period=x
            ! error: invalid argument "x" for "--grace-period" flag: strconv.ParseInt: parsing "x": invalid syntax
            ! See 'kubectl delete --help' for usage.
            exit 1
            $ apply -f web.yaml --dry-run=maybe
            ! error: Invalid dry-run value (maybe). Must be "none", "server", or "client".
            exit 1
            $ apply -f web.yaml --validate=maybe
            ! error: invalid - validate option "maybe"; must be one of: strict (or true), warn, ignore (or false)
            exit 1
            $ create -f
            ! error: flag needs an argument: 'f' in -f
            ! See 'kubectl create --help' for usage.
            exit 1
        "#]],
    );
}

#[test]
fn wrong_words() {
    check_web(
        r"
$ gte pods
$ kubectl
$ kubectl foo
$ desribe pods
$ rollout stauts deployment/web
$ set imgae deployment/web a=b
$ create deploymnt x --image=y
$ get deployment web deployment/web
$ get a/b/c
$ get deployment/
",
        expect![[r#"
            $ gte pods
            ! error: unknown command "gte" for "kubectl"
            ! 
            ! Did you mean this?
            ! 	get
            exit 1
            $ kubectl
            kubectl controls the simulated cluster of this playground.

            Commands:
              create          Create an object from a file, or from flags
              expose          Put a service in front of pods
              run             Run a pod of its own
              set             Set one feature of objects: image, env, resources …
              explain         Explain the fields of a type
              get             Show objects
              edit            Edit a live object
              delete          Delete objects
              rollout         Manage the rollout of a Deployment
              scale           Set the number of replicas
              autoscale       Create an autoscaler (it is stored; nothing scales here)
              cluster-info    Show where the cluster is
              cordon          Keep new pods off a node
              uncordon        Let new pods onto a node again
              drain           Empty a node of its pods
              taint           Change the taints of nodes
              describe        Tell an object and what belongs to it in words
              events          Show events, oldest first
              diff            Show what apply would change
              apply           Bring objects into the state of a manifest
              patch           Change fields of objects
              replace         Put the object of a file in place of the live one
              wait            Wait for a condition of objects
              label           Change the labels of objects
              annotate        Change the annotations of objects
              version         Show the version that is simulated
              api-versions    List the API versions a real API server has
              api-resources   List the resource types a real API server has
              alpha           There is nothing that is only tried out
              options         List the flags that every command has
              help            Explain a command

            Not part of the playground:
              certificate, top, logs, attach, exec, port-forward, proxy, cp, auth, debug, kustomize, completion, config, plugin, kuberc

            Usage:
              kubectl [flags] [options]

            Use "kubectl <command> --help" for more information about a given command.
            Use "kubectl options" for a list of global command-line options (applies to all commands).
            $ kubectl foo
            ! error: unknown command "foo" for "kubectl"
            ! 
            ! Did you mean this?
            ! 	top
            exit 1
            $ desribe pods
            ! error: unknown command "desribe" for "kubectl"
            ! 
            ! Did you mean this?
            ! 	describe
            exit 1
            $ rollout stauts deployment/web
            ! error: unknown command "stauts deployment/web"
            ! See 'kubectl rollout -h' for help and examples
            exit 1
            $ set imgae deployment/web a=b
            ! error: unknown command "imgae deployment/web a=b"
            ! See 'kubectl set -h' for help and examples
            exit 1
            $ create deploymnt x --image=y
            ! error: unknown flag: --image
            ! See 'kubectl create --help' for usage.
            exit 1
            $ get deployment web deployment/web
            ! error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'
            exit 1
            $ get a/b/c
            ! error: arguments in resource/name form may not have more than one slash
            exit 1
            $ get deployment/
            ! error: arguments in resource/name form must have a single resource and name
            exit 1
        "#]],
    );
}

#[test]
fn absent() {
    check_web(
        r"
$ logs deployment/web
$ exec -it web -- sh
$ top pods
$ config view
$ port-forward deployment/web 80
$ --context=other get pods
$ get pods --kubeconfig=x
$ get pods --token=x
$ get --raw /api
",
        expect![[r#"
            $ logs deployment/web
            ! error: kubectl logs is not part of the playground: containers write nothing here
            exit 1
            $ exec -it web -- sh
            ! error: kubectl exec is not part of the playground: there are no processes behind the containers
            exit 1
            $ top pods
            ! error: kubectl top is not part of the playground: containers use no CPU and no memory here
            exit 1
            $ config view
            ! error: kubectl config is not part of the playground: there is one cluster and one user
            exit 1
            $ port-forward deployment/web 80
            ! error: kubectl port-forward is not part of the playground: there is no network behind the pods
            exit 1
            $ --context=other get pods
            ! Error in configuration: context was not found for specified context: other
            exit 1
            $ get pods --kubeconfig=x
            ! error: stat x: no such file or directory
            exit 1
            $ get pods --token=x
            ! error: --token is not part of the playground: there is one cluster and one user
            exit 1
            $ get --raw /api
            ! error: raw paths (--raw) are not part of the playground
            exit 1
        "#]],
    );
}

#[test]
fn helps() {
    check_web(
        r"
$ rollout undo --help
$ help rollout
$ help nope
",
        expect![[r#"
            $ rollout undo --help
            Return to an earlier revision.

            Examples:
              kubectl rollout undo deployment/web
              kubectl rollout undo deployment/web --to-revision=3

            Options:
                --allow-missing-template-keys=true:
            	Whether templates may name missing fields.

                --dry-run='none':
            	none, client (only print what would be sent) or server (do everything but store).

                -f, --filename=[]:
            	A file of the editor, or - for what is piped in.

                -k, --kustomize='':
            	A kustomization directory.

                -o, --output='':
            	Output format: json, yaml, name, jsonpath=…, go-template=….

                -R, --recursive=false:
            	Process the directory given with -f recursively.

                -l, --selector='':
            	Label query: a=b, a!=b, a in (b,c), a, !a.

                --show-managed-fields=false:
            	Keep managedFields in JSON and YAML.

                --template='':
            	A template, where the output format wants one.

                --to-revision=0:
            	The revision to return to; 0 is the one before.


            Usage:
              kubectl rollout undo (TYPE NAME | TYPE/NAME) [flags]

            Use "kubectl options" for a list of global command-line options (applies to all commands).
            $ help rollout
            Manage the rollout of a Deployment.

            Available Commands:
              history   Show the revisions of a Deployment
              pause     Stop rolling out changes of a Deployment's template
              resume    Roll out again what a paused Deployment has gathered
              undo      Return to an earlier revision
              status    Follow a rollout until it ends
              restart   Replace all pods of a Deployment, as a rollout

            Examples:
              kubectl rollout status deployment/web
              kubectl rollout history deployment/web
              kubectl rollout undo deployment/web --to-revision=1

            Usage:
              kubectl rollout SUBCOMMAND

            Use "kubectl options" for a list of global command-line options (applies to all commands).
            $ help nope
            ! Unknown help topic [`nope`]
        "#]],
    );
}
