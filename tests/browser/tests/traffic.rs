//! Requests while a rollout goes on: which are lost, and why.

mod page;

use page::Page;
use rollscope_browser_tests::{Browser, keys};
use serde_json::json;

const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: web:1.0
        ports:
        - containerPort: 80
        readinessProbe:
          tcpSocket:
            port: 80
          periodSeconds: 1
";
const PRE_STOP: &str = "        lifecycle:
          preStop:
            sleep:
              seconds: 5
";

/// A Deployment with a Service and a hundred requests a second, up and running.
fn running(manifest: &str) -> Page {
    let page = Page::open();
    page.speed("4");
    page.button("World");
    let rate = page.find("[id='traffic.requests_per_second']");
    page.run("document.activeElement.blur()", json!([]));
    page.run(
        "document.getElementById('traffic.requests_per_second').scrollIntoView({block: 'center'})",
        json!([]),
    );
    page.click(&rate);
    page.press(&[keys::CONTROL, "a"]);
    page.type_into(&rate, "100");
    page.button("Use this world");
    page.wait_for("the panel to close", || page.all("dialog[open]").is_empty().then_some(()));
    page.write_manifest(manifest);
    page.apply();
    page.kubectl("kubectl expose deployment/web --port=80");
    page.wait_for_rollout(3, "1");
    page.wait_for_text("[data-service='default/web']", "100 requests/s");
    page
}

fn update(page: &Page, manifest: &str) {
    page.write_manifest(&manifest.replace("web:1.0", "web:2.0"));
    page.apply();
    page.wait_for_rollout(3, "2");
}

fn lost(page: &Page) -> i64 {
    let lost = page.run(
        "const said = document.querySelector(\"[data-service='default/web']\").textContent;
         return Number(/(\\d+) lost/.exec(said)?.[1] ?? 0)",
        json!([]),
    );
    lost.as_i64().unwrap_or(-1)
}

#[test]
fn recreate_loses_as_long_as_nothing_is_ready() {
    let manifest = WEB.replace("  selector:\n", "  strategy:\n    type: Recreate\n  selector:\n");
    let page = running(&manifest);
    update(&page, &manifest);
    page.tab("Requests");
    page.wait_for_text("[role=tabpanel]", "no endpoints");
    // Several seconds pass between the old pods and the new, at a hundred requests each.
    assert!(lost(&page) > 200, "{}", lost(&page));
    // The axis tells them.
    page.wait_for("a burst on the axis", || {
        (!page.all(".timeline .loss").is_empty()).then_some(())
    });
    page.screenshot("traffic-recreate");
    page.assert_console_clean();
}

#[test]
fn a_rolling_update_with_pre_stop_loses_none() {
    let manifest = format!("{WEB}{PRE_STOP}");
    let page = running(&manifest);
    update(&page, &manifest);
    page.wait_for("the old pods to go", || (page.pods().len() == 3).then_some(()));
    assert_eq!(lost(&page), 0);
    page.wait_for_text("[data-service='default/web']", "none lost");
    assert!(page.all(".timeline .loss").is_empty());
    page.screenshot("traffic-none-lost");
    page.assert_console_clean();
}

#[test]
fn without_pre_stop_some_are_lost_and_each_says_why() {
    let page = running(WEB);
    update(&page, WEB);
    assert!(lost(&page) > 0);
    page.tab("Requests");
    let request = page.wait_for("such a request", || {
        let all = page.all("button[aria-expanded]").into_iter();
        // There is another cause for those that come when the pod is gone for good.
        let mut found = all.filter(|one| {
            let text = page.text(one);
            text.contains("proxies still routed to it") && !text.contains("the pod is gone")
        });
        found.next()
    });
    page.click(&request);
    for said in [
        "A preStop hook that sleeps longer than that closes this gap.",
        "is being deleted.",
        "Its process gets SIGTERM.",
        "It is lost: proxies still routed to it.",
        "has heard",
    ] {
        page.wait_for_text(".chain", said);
    }
    page.screenshot("traffic-lost");
    page.assert_console_clean();
}

/// Whether anything is drawn on the canvas within two seconds.
fn draws(page: &Page) -> bool {
    let drawn = page.run_async(
        "const done = arguments[arguments.length - 1];
         const canvas = document.getElementById('dots');
         // What is drawn is copied: reading the page's own canvas would slow it down.
         const copy = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
         const until = performance.now() + 2000;
         const look = () => {
           [copy.canvas.width, copy.canvas.height] = [canvas.width, canvas.height];
           copy.drawImage(canvas, 0, 0);
           const data = copy.getImageData(0, 0, canvas.width, canvas.height).data;
           if (data.some(byte => byte > 0)) return done(true);
           if (performance.now() > until) return done(false);
           requestAnimationFrame(look);
         };
         look();",
        json!([]),
    );
    drawn == true
}

#[test]
fn dots_move_unless_less_motion_is_wanted_and_numbers_stay() {
    let page = running(WEB);
    page.kubectl("kubectl rollout restart deployment/web");
    assert!(draws(&page), "requests are drawn");
    page.assert_console_clean();

    let still = Page::of(Browser::open_with(1280, 720, &["--force-prefers-reduced-motion"]));
    still.speed("4");
    still.write_manifest(WEB);
    still.apply();
    still.kubectl("kubectl expose deployment/web --port=80");
    still.wait_for_rollout(3, "1");
    still.kubectl("kubectl rollout restart deployment/web");
    still.wait_for("numbers", || {
        let sent = still.run(
            "return Number(/(\\d+) sent/.exec(document.querySelector('[data-service]')?.textContent ?? '')?.[1] ?? 0)",
            json!([]),
        );
        (sent.as_i64().unwrap_or(0) > 10).then_some(())
    });
    assert!(!draws(&still), "nothing moves");
    still.assert_console_clean();
}
