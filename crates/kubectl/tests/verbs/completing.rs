//! Tab.

use expect_test::expect;

use super::check_web;

#[test]
fn commands_and_flags() {
    check_web(
        r"
tab ro|
tab rollout |
tab kubectl rollout un|
tab rollout undo deployment/web --to|
tab rollout undo deployment/web --to-revision=|
tab rollout status -|
tab get -o |
tab get -oy|
tab apply |
tab apply -f |
tab apply -f web.yaml --dry-run=|
tab logs |
tab delete --cas|
tab ku|
tab help roll|
",
        expect![[r#"
            tab ro|
                rollout  (Manage the rollout of a Deployment)
            tab rollout |
                        history  (Show the revisions of a Deployment)
                        pause  (Stop rolling out changes of a Deployment's template)
                        resume  (Roll out again what a paused Deployment has gathered)
                        undo  (Return to an earlier revision)
                        status  (Follow a rollout until it ends)
                        restart  (Replace all pods of a Deployment, as a rollout)
            tab kubectl rollout un|
                                undo  (Return to an earlier revision)
            tab rollout undo deployment/web --to|
                                            --to-revision=  (The revision to return to; 0 is the one before.)
            tab rollout undo deployment/web --to-revision=|
                                            --to-revision=1  (web:1.0)
            tab rollout status -|
                               --filename=  (A file of the editor, or - for what is piped in.)
                               --help  (Explain the command.)
                               --kustomize=  (A kustomization directory.)
                               --namespace=  (The namespace to work in; otherwise default.)
                               --recursive  (Process the directory given with -f recursively.)
                               --revision=  (Fail if another revision is being rolled out.)
                               --selector=  (Label query: a=b, a!=b, a in (b,c), a, !a.)
                               --timeout=  (How long to follow it; 0 is without end.)
                               --watch  (Follow the rollout until it ends.)
            tab get -o |
                       wide  ()
                       yaml  ()
                       json  ()
                       name  ()
                       jsonpath=  ()
                       custom-columns=  ()
                       go-template=  ()
                       kyaml  ()
            tab get -oy|
                    -oyaml  ()
            tab apply |
                      view-last-applied  (Show the manifest that was applied last)
                      set-last-applied  (Take a file for the manifest that was applied last)
                      -f  (A file of the editor.)
            tab apply -f |
                         web.yaml  (file)
                         web2.yaml  (file)
            tab apply -f web.yaml --dry-run=|
                                  --dry-run=client  ()
                                  --dry-run=server  ()
                                  --dry-run=none  ()
            tab logs |
            tab delete --cas|
                       --cascade=  (What becomes of dependents: background, foreground or orphan.)
            tab ku|
                kubectl  ()
            tab help roll|
                     rollout  (Manage the rollout of a Deployment)
        "#]],
    );
}

#[test]
fn objects() {
    check_web(
        r"
$ set image deployment/web web=web:2.0
+ 60s
tab get de|
tab get po|
tab get svc|
tab get deploy,r|
tab get deployment |
tab get deployment/|
tab get deploy/w|
tab describe rs |
tab rollout undo |
tab rollout undo deployment web --to-revision |
tab set image |
tab set image deployment/web |
tab set image deployment/web web=|
tab set image deployment web w|
tab label deployment web |
tab get pods -l |
tab get pods -n |
tab drain |
tab cordon node-1 |
tab scale --replicas=3 dep|
tab explain dep|
tab get deployment web && rollout p|
tab get deployment web # |
tab get pods -- |
",
        expect![[r#"
            $ set image deployment/web web=web:2.0
            deployment.apps/web image updated
            + 60s
            tab get de|
                    deployments  (deploy)
            tab get po|
                    pods  (po)
            tab get svc|
                    svc  (services)
            tab get deploy,r|
                    deploy,replicasets  (rs)
                    deploy,resourcequotas  (quota)
            tab get deployment |
                               web  (deployment)
            tab get deployment/|
                    deployment/web  (deployment)
            tab get deploy/w|
                    deploy/web  (deployment)
            tab describe rs |
                            web-77ff4b4f76  (replicaset)
                            web-8667b9c85  (replicaset)
            tab rollout undo |
                             deployment/web  (deployment)
            tab rollout undo deployment web --to-revision |
                                                          2  (web:2.0)
                                                          1  (web:1.0)
            tab set image |
                          deployment/web  (deployment)
                          pod/web-8667b9c85-bmt6h  (pod)
                          pod/web-8667b9c85-p9pdt  (pod)
                          pod/web-8667b9c85-skcn7  (pod)
            tab set image deployment/web |
                                         web=  (web:2.0)
            tab set image deployment/web web=|
                                         web=web:2.0  (the present image)
            tab set image deployment web w|
                                         web=  (web:2.0)
            tab label deployment web |
                                     app=  (change)
                                     app-  (remove)
            tab get pods -l |
                            app=web  (label)
                            pod-template-hash=8667b9c85  (label)
            tab get pods -n |
                            default  (namespace)
                            kube-node-lease  (namespace)
                            kube-public  (namespace)
                            kube-system  (namespace)
            tab drain |
                      node-0  (node)
                      node-1  (node)
                      node-2  (node)
            tab cordon node-1 |
                              node-0  (node)
                              node-2  (node)
            tab scale --replicas=3 dep|
                                   deployment/web  (deployment)
            tab explain dep|
                        deployments  (deploy)
            tab get deployment web && rollout p|
                                              pause  (Stop rolling out changes of a Deployment's template)
            tab get deployment web # |
            tab get pods -- |
        "#]],
    );
}
