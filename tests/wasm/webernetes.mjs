// The benchmark's rollout in @ngrok/webernetes: create a Deployment, wait until it is there, give
// it a new image, wait until that is everywhere and the last old pod is gone. It runs in real time.
// As in crates/scenario/src/measure.rs, pods have a readiness probe that is asked every second, and
// answer it from 200 to 800 ms after their start on.
//   node webernetes.mjs PACKAGE REPLICAS
import { register } from "node:module";
import { pathToFileURL } from "node:url";

const [, , packagePath, replicasText] = process.argv;
const replicas = Number(replicasText);
// The package is made for bundlers: its imports have no extensions, which Node wants.
const resolver = `
  export async function resolve(specifier, context, next) {
    for (const ending of ["", ".js", "/index.js"]) {
      try { return await next(specifier + ending, context); } catch (error) {
        if (ending === "/index.js") throw error;
      }
    }
  }`;
register(`data:text/javascript,${encodeURIComponent(resolver)}`, import.meta.url);
const { BaseImage, Cluster } = await import(pathToFileURL(packagePath).href);

// What it logs on the way is no part of the measurement's output.
console.info = console.warn = console.debug = () => {};
const print = console.log;
console.log = () => {};

const image = (version) =>
  class extends BaseImage {
    static imageName = "web";
    static imageVersion = version;
    defaultCommand = ["server"];
    async exec(ctx, argv) {
      if (argv[0] !== "server") return await super.exec(ctx, argv);
      const killed = ctx.waitUntilKilled();
      await Promise.race([killed, new Promise((up) => setTimeout(up, 200 + Math.random() * 600))]);
      ctx.listenHttp(8080, async () => ({ status: 200, body: "ok" }));
      return await killed;
    }
  };

const container = (version) => ({
  name: "web",
  image: `web:${version}`,
  readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
});

const manifest = (version) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { terminationGracePeriodSeconds: 1, containers: [container(version)] },
    },
  },
});

const cluster = new Cluster({ nodes: Math.max(3, Math.ceil((replicas * 1.3) / 100) + 1) });
cluster.registerImage(image("1.0"));
cluster.registerImage(image("2.0"));

const patience = Date.now() + 10 * 60 * 1000;
const settled = async (imageName) => {
  for (;;) {
    const deployment = await cluster.api.appsv1.readNamespacedDeployment({ name: "web", namespace: "default" });
    const pods = await cluster.api.corev1.listNamespacedPod({ namespace: "default" });
    const status = deployment.status ?? {};
    const there = pods.items.filter((pod) => pod.metadata?.labels?.app === "web");
    const done =
      status.updatedReplicas === replicas &&
      status.replicas === replicas &&
      status.availableReplicas === replicas &&
      there.length === replicas &&
      there.every((pod) => pod.spec.containers[0].image === imageName);
    if (done) return;
    if (Date.now() > patience) throw new Error("the rollout did not end within ten minutes");
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
};

await cluster.init();
const before = process.cpuUsage();
await cluster.apply([manifest("1.0")]);
await settled("web:1.0");
await cluster.apply([manifest("2.0")]);
await settled("web:2.0");
const used = process.cpuUsage(before);
print(`cpu_ms ${((used.user + used.system) / 1000).toFixed(1)}`);
print(`memory_mb ${(process.resourceUsage().maxRSS / 1e3).toFixed(1)}`);
process.exit(0);
