use expect_test::{Expect, expect};
use rollscope_api::Resource;
use rollscope_api::schema::Schema;

use super::{explain, structure_of, texts};

fn check(resource: Resource, path: &[&str], recursive: bool, expected: Expect) {
    let text = explain(resource, path, recursive).unwrap_or_else(|error| error);
    // A line of blanks would be lost in the expected text.
    expected.assert_eq(&text.replace("\n    \n", "\n    ~\n"));
}

#[test]
fn a_number() {
    check(
        Resource::Deployments,
        &["spec", "replicas"],
        false,
        expect![[r#"
        GROUP:      apps
        KIND:       Deployment
        VERSION:    v1

        FIELD: replicas <integer>


        DESCRIPTION:
            How many pods there should be. Defaults to 1; 0 is allowed and is kept apart
            from an absent value.
            ~

    "#]],
    );
}

#[test]
fn a_struct_with_an_enum() {
    check(
        Resource::Deployments,
        &["spec", "strategy"],
        false,
        expect![[r#"
        GROUP:      apps
        KIND:       Deployment
        VERSION:    v1

        FIELD: strategy <DeploymentStrategy>


        DESCRIPTION:
            How old pods are replaced by new ones.
            ~
        FIELDS:
          rollingUpdate	<RollingUpdateDeployment>
            The pace of a rolling update. Only for the type RollingUpdate.

          type	<string>
          enum: Recreate, RollingUpdate
            RollingUpdate replaces pods a few at a time, Recreate deletes all old pods
            before it makes new ones. Defaults to RollingUpdate.


    "#]],
    );
}

#[test]
fn an_enum() {
    check(
        Resource::Deployments,
        &["spec", "strategy", "type"],
        false,
        expect![[r#"
        GROUP:      apps
        KIND:       Deployment
        VERSION:    v1

        FIELD: type <string>
        ENUM:
            Recreate
            RollingUpdate

        DESCRIPTION:
            RollingUpdate replaces pods a few at a time, Recreate deletes all old pods
            before it makes new ones. Defaults to RollingUpdate.
            ~

    "#]],
    );
}

#[test]
fn recursively() {
    check(
        Resource::Deployments,
        &["spec", "strategy"],
        true,
        expect![[r#"
        GROUP:      apps
        KIND:       Deployment
        VERSION:    v1

        FIELD: strategy <DeploymentStrategy>


        DESCRIPTION:
            How old pods are replaced by new ones.
            ~
        FIELDS:
          rollingUpdate	<RollingUpdateDeployment>
            maxSurge	<IntOrString>
            maxUnavailable	<IntOrString>
          type	<string>
          enum: Recreate, RollingUpdate

    "#]],
    );
}

#[test]
fn through_a_list() {
    check(
        Resource::Pods,
        &["spec", "containers", "ports"],
        false,
        expect![[r#"
        KIND:       Pod
        VERSION:    v1

        FIELD: ports <[]ContainerPort>


        DESCRIPTION:
            Ports the container listens on. This is for information: leaving one out
            does not close it.
            ~
        FIELDS:
          containerPort	<integer> -required-
            The port's number, 1 to 65535.

          hostIP	<string>
            The node's address to open hostPort on.

          hostPort	<integer>
            A port of the node to open as well. Rarely needed.

          name	<string>
            A name for the port, unique within the pod, that Services and probes can
            use.

          protocol	<string>
          enum: SCTP, TCP, UDP
            TCP, UDP or SCTP. Defaults to TCP.


    "#]],
    );
}

#[test]
fn the_root() {
    check(
        Resource::Deployments,
        &[],
        false,
        expect![[r#"
        GROUP:      apps
        KIND:       Deployment
        VERSION:    v1

        DESCRIPTION:
            A Deployment keeps a number of equal pods running and replaces them, step by
            step, when their template changes. Every template it has had is a revision,
            kept as a ReplicaSet.
            ~
        FIELDS:
          apiVersion	<string>
            The group and version of the API this object is written for, such as
            apps/v1. The server answers in the version that was asked for.

          kind	<string>
            The type of this object, in CamelCase. It cannot be changed.

          metadata	<ObjectMeta>
            The object's name, labels, annotations and what the server notes about it.

          spec	<DeploymentSpec>
            What the Deployment should look like.

          status	<DeploymentStatus>
            What the Deployment controller last observed. Written by the controller
            only.


    "#]],
    );
}

#[test]
fn an_unknown_field() {
    check(
        Resource::Deployments,
        &["spec", "nope"],
        false,
        expect![[r#"field "nope" does not exist"#]],
    );
}

#[test]
fn every_described_field_exists() {
    let schema = Schema::get();
    for (structure, field) in texts().keys() {
        if *structure == "*" {
            continue;
        }
        let id = ["v1", "discovery", "autoscaling"]
            .iter()
            .find_map(|package| schema.by_name(&format!("{package}.{structure}")))
            .or_else(|| schema.by_name(structure));
        let found = id.and_then(|id| structure_of(schema, super::Type::Of(id)));
        if Resource::ALL.iter().any(|resource| resource.kind() == *structure) && field.is_empty() {
            continue;
        }
        let found = found.unwrap_or_else(|| panic!("there is no struct {structure}"));
        let known = field.is_empty() || schema.field(found, field).is_some();
        assert!(known, "{structure} has no field {field}");
    }
}

#[test]
fn every_resource_can_be_explained() {
    for resource in Resource::ALL {
        let text = explain(resource, &[], true).expect("an explanation");
        assert!(text.contains(&format!("KIND:       {}\n", resource.kind())), "{text}");
    }
}
