//! Requests: what became of them by Service, the lost ones, and why each was lost.

use rollscope_api::{SimDuration, SimTime, order};
use rollscope_sim::Cluster;
use rollscope_sim::traffic::{History, LossCause, LostRequest, Totals};

use super::Model;
use super::announce::Moment;
use super::losses::Loss;
use crate::texts::Texts;

/// What happened to the list of lost requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrafficMsg {
    /// A lost request was pressed: its chain of causes opens, or closes again.
    Toggle(RequestId),
    /// The lost requests were asked for.
    ShowLost,
}

/// A request: the Service, as namespace and name, and its number there.
pub type RequestId = (String, u64);

/// The requests to one Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRow {
    /// Namespace and name.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Pods that the proxies route to.
    pub routes: usize,
    /// Whether clients send to it.
    pub flows: bool,
    /// Requests that clients send each second while they do.
    pub rate: u32,
    #[allow(missing_docs)]
    pub sent: u64,
    #[allow(missing_docs)]
    pub served: u64,
    /// Lost for whatever cause.
    pub lost: u64,
    /// By cause, most first.
    pub causes: Vec<(LossCause, u64)>,
}

impl ServiceRow {
    /// Lost of all that have ended, in thousandths; what is lost at all is not nothing.
    pub fn lost_per_mille(&self) -> u64 {
        let ended = self.served + self.lost;
        match self.lost {
            0 => 0,
            lost => (lost * 1_000 / ended.max(1)).max(1),
        }
    }
}

/// A lost request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostRow {
    /// Which one.
    pub id: RequestId,
    /// When it was sent, since the start, in hundredths of a second.
    pub at_hundredths: i64,
    /// The Service's name.
    pub service: String,
    /// The pod it was routed to.
    pub pod: Option<String>,
    /// Why, in a few words.
    pub cause: &'static str,
    /// The chain of causes, while it is opened.
    pub chain: Option<Chain>,
}

/// Why a request was lost, step by step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The gist, and what helps.
    pub gist: &'static str,
    /// What happened: when, since the start, in thousandths of a second, and what.
    pub facts: Vec<(i64, String)>,
}

/// So many lost requests are listed, the newest.
const LISTED_MAX: usize = 100;
/// Losses with less than this between them are one burst.
const BURST_GAP: SimDuration = SimDuration::from_secs(2);

impl Model {
    pub(super) fn traffic(&mut self, msg: TrafficMsg) {
        match msg {
            TrafficMsg::Toggle(id) => {
                let same = self.opened_request.as_ref() == Some(&id);
                self.opened_request = (!same).then_some(id);
            }
            TrafficMsg::ShowLost => self.tab = super::drawer::Tab::Requests,
        }
    }

    pub(super) fn derive_services(&mut self) {
        let cluster = self.engine.session().cluster();
        let (epoch, at) = (self.engine.epoch(), self.engine.elapsed());
        let plays = self.clock.is_playing();
        let moment = Moment { epoch, at, real_ms: self.real_ms, plays };
        let texts = self.language.texts().traffic;
        self.announcer.listen_to_requests(cluster.traffic().totals(), moment, texts);
        let rows = services(cluster);
        self.shown.services.replace(rows);
    }

    pub(super) fn derive_lost(&mut self) {
        let cluster = self.engine.session().cluster();
        let start = self.engine.timeline().start();
        let rows = lost(cluster, start, self.opened_request.as_ref(), self.language.texts());
        self.shown.lost.replace(rows);
    }

    /// The losses of the whole axis, the known future included.
    pub(super) fn losses(&self) -> Vec<Loss> {
        let timeline = self.engine.timeline();
        losses(timeline.traffic().history(), timeline.start())
    }
}

fn services(cluster: &Cluster) -> Vec<ServiceRow> {
    let world = &cluster.world().traffic;
    let rows = cluster.traffic().services().map(|one| {
        let Totals { sent, served, .. } = *one.totals;
        let mut causes: Vec<_> = one.totals.causes().collect();
        order::sort_by_key(&mut causes, |(_, count)| std::cmp::Reverse(*count));
        ServiceRow {
            key: format!("{}/{}", one.service.namespace, one.service.name),
            name: one.service.name.to_string(),
            routes: one.routes,
            flows: one.flows,
            rate: if world.concerns(&one.service.name) { world.requests_per_second } else { 0 },
            sent,
            served,
            lost: one.totals.lost_in_all(),
            causes,
        }
    });
    rows.collect()
}

fn lost(
    cluster: &Cluster,
    start: SimTime,
    opened: Option<&RequestId>,
    texts: &Texts,
) -> Vec<LostRow> {
    let newest = cluster.traffic().history().lost().take(LISTED_MAX);
    let rows = newest.map(|request| {
        let key = &request.service;
        let id = (format!("{}/{}", key.namespace, key.name), request.number);
        let is_open = opened == Some(&id);
        LostRow {
            at_hundredths: (request.sent - start).as_millis() / 10,
            service: key.name.to_string(),
            pod: request.pod.as_ref().map(|(_, name)| name.to_string()),
            cause: (texts.traffic.cause)(request.cause),
            chain: is_open.then(|| chain(cluster, start, request, texts)),
            id,
        }
    });
    rows.collect()
}

fn chain(cluster: &Cluster, start: SimTime, request: &LostRequest, texts: &Texts) -> Chain {
    let facts = cluster.explain_loss(request);
    let pod = request.pod.as_ref().map(|(_, name)| &**name);
    let via = request.via.as_deref();
    let told = facts.into_iter().map(|fact| {
        ((fact.at - start).as_millis(), (texts.traffic.fact)(fact.what, request.cause, pod, via))
    });
    Chain { gist: (texts.traffic.gist)(request.cause), facts: told.collect() }
}

/// The spans in which requests were lost, with the count of each burst at its first.
fn losses(history: &History, start: SimTime) -> Vec<Loss> {
    let width = history.width();
    let mut found: Vec<Loss> = Vec::new();
    let mut burst = 0;
    for (at, bucket) in history.buckets().filter(|(_, bucket)| bucket.lost > 0) {
        let from = at - start;
        let goes_on = found.last().is_some_and(|last| from - last.until <= BURST_GAP);
        if !goes_on {
            burst = found.len();
        }
        let (lost, sent) = (i64::from(bucket.lost), i64::from(bucket.sent.max(1)));
        found.push(Loss { from, until: from + width, lost, sent, burst: 0 });
        found[burst].burst += lost;
    }
    found
}
