//! Which revision a manifest makes, if any.

use super::*;

#[test]
fn a_new_template_makes_a_revision() {
    check(
        |plan| (plan.image, plan.replicas) = ("web:3.0", 4),
        expect![[r#"
        Completes
        Configured New
        spec.template.spec.containers[name=web].image: web:2.0 → web:3.0
        spec.replicas: 3 → 4
        3 web-56c5958d99 peak 5 lowest 3"#]],
    );
}

#[test]
fn an_earlier_template_makes_its_revision_the_newest_again() {
    check(
        |plan| plan.image = "web:1.0",
        expect![[r#"
        Completes
        Configured Returns { was: 1 }
        spec.template.spec.containers[name=web].image: web:2.0 → web:1.0
        3 web-77458cc45 peak 4 lowest 3"#]],
    );
}

#[test]
fn scaling_and_nothing_make_no_revision() {
    check(
        |plan| plan.replicas = 5,
        expect![[r#"
        Completes
        Configured Same { revision: 2 }
        spec.replicas: 3 → 5
        2 web-6cf4f894bb peak 5 lowest 3"#]],
    );
    check(
        |_| {},
        expect![[r#"
        Completes
        Unchanged Same { revision: 2 }
        2 web-6cf4f894bb peak 3 lowest 3"#]],
    );
}

#[test]
fn a_paused_deployment_waits() {
    check(
        |plan| (plan.image, plan.paused) = ("web:3.0", true),
        expect![[r#"
        CannotComplete
        Configured Paused
        spec.template.spec.containers[name=web].image: web:2.0 → web:3.0
        spec.paused:  → true
        0  peak 3 lowest 3
        Paused 0"#]],
    );
}
