//! What is said of requests.

use rollscope_sim::traffic::{LossCause, What};

use super::particle::{subject, topic, toward};

/// The sentences of one language.
#[allow(missing_docs, reason = "each field is named after what it says")]
pub struct TrafficTexts {
    pub service: &'static str,
    pub rate: fn(u32) -> String,
    pub no_clients: &'static str,
    pub waits_for_endpoint: &'static str,
    pub sent: fn(u64) -> String,
    pub lost: fn(u64, u64) -> String,
    pub none_lost: &'static str,
    pub routes: fn(usize) -> String,
    pub show_lost: &'static str,
    pub requests: &'static str,
    pub requests_empty: &'static str,
    pub requests_none: &'static str,
    pub column_pod: &'static str,
    pub column_cause: &'static str,
    pub lost_mark: fn(i64) -> String,
    pub lost_title: fn(i64, i64) -> String,
    /// Requests begin to be lost, for this cause.
    pub said_losing: fn(&str) -> String,
    /// It is over: how many were lost, and what of.
    pub said_lost: fn(u64, &str) -> String,
    pub cause: fn(LossCause) -> &'static str,
    pub gist: fn(LossCause) -> &'static str,
    /// `via` is the node at which the request entered.
    pub fact: fn(What, LossCause, Option<&str>, Option<&str>) -> String,
}

/// Thousandths as percent with one decimal.
fn percent(per_mille: u64) -> String {
    format!("{}.{} %", per_mille / 10, per_mille % 10)
}

/// English.
pub(super) static ENGLISH: TrafficTexts = TrafficTexts {
    service: "Service",
    rate: |rate| format!("{rate} requests/s"),
    no_clients: "no clients",
    waits_for_endpoint: "clients wait for a first endpoint",
    sent: |sent| format!("{sent} sent"),
    lost: |lost, per_mille| format!("{lost} lost ({})", percent(per_mille)),
    none_lost: "none lost",
    routes: |routes| match routes {
        0 => "routed to nobody".to_owned(),
        1 => "routed to 1 pod".to_owned(),
        count => format!("routed to {count} pods"),
    },
    show_lost: "Why?",
    requests: "Requests",
    requests_empty: "Clients send requests to Services. There is none yet: kubectl expose deployment/my-app --port=80 makes one.",
    requests_none: "No request has been lost.",
    column_pod: "Pod",
    column_cause: "Cause",
    lost_mark: |lost| format!("{lost} lost"),
    lost_title: |lost, sent| format!("{lost} of {sent} requests lost"),
    said_losing: |cause| format!("Requests are being lost: {cause}."),
    said_lost: |lost, causes| match lost {
        1 => format!("1 request was lost: {causes}."),
        lost => format!("{lost} requests were lost: {causes}."),
    },
    cause: LossCause::summary,
    gist: |cause| match cause {
        LossCause::NoEndpoints => {
            "The Service had no pod to send it to. Recreate does this between the old pods and the new; a rolling update keeps some of both."
        }
        LossCause::NotListening => {
            "The pod counted as ready before its process listened. A readiness probe that asks the process closes this gap."
        }
        LossCause::NotRunning => {
            "The container was not running, and the proxies had not heard of it yet."
        }
        LossCause::NoSuchPort => {
            "The Service's targetPort is none of the container's ports: nothing listens there."
        }
        LossCause::StillRouted => {
            "The pod was told to end and took no more connections, but the proxies still routed to it: they hear of it a moment later. A preStop hook that sleeps longer than that closes this gap."
        }
        LossCause::Cut => {
            "The process ended while it was still answering: it did not finish what was under way, or its grace was over and it was killed."
        }
        LossCause::PodGone => {
            "The pod was gone for good, and the proxies still routed to its address."
        }
        LossCause::NodeLost => {
            "The pod's node cannot be reached. Nothing comes back, and the client gave up."
        }
        LossCause::ApplicationError => {
            "The application itself answered with an error: its image's rule says so."
        }
        LossCause::Timeout => "The answer took longer than the client waits.",
    },
    fact: |what, cause, pod, via| {
        let pod = pod.unwrap_or("the pod");
        let proxy = via.map_or("The proxy".to_owned(), |node| format!("The proxy of {node}"));
        match what {
            What::Listed => format!("The EndpointSlice lists {pod} as ready."),
            What::Routed => format!("The first proxies route to {pod}."),
            What::Unready => format!("{pod} is no longer Ready."),
            What::Terminating => format!("{pod} is being deleted."),
            What::Unlisted => format!("The EndpointSlice no longer lists {pod} as ready."),
            What::Unrouted => format!("{proxy} has heard: it routes nothing more to {pod}."),
            What::NobodyListed => "The EndpointSlice lists nobody as ready.".to_owned(),
            What::NobodyRouted => format!("{proxy} has heard: it refuses."),
            What::NodeLost => "Its node is lost.".to_owned(),
            What::Started => "Its process starts.".to_owned(),
            What::Listening => "Its process listens.".to_owned(),
            What::Sigterm => "Its process gets SIGTERM.".to_owned(),
            What::Exited(137) => "Its process is killed: exit code 137.".to_owned(),
            What::Exited(code) => format!("Its process ends with code {code}."),
            What::Gone => format!("{pod} is gone."),
            What::Sent => match via {
                Some(node) => format!("The client sends the request, which enters at {node}."),
                None => "The client sends the request.".to_owned(),
            },
            What::Lost => format!("It is lost: {}.", cause.summary()),
        }
    },
};

fn korean_cause(cause: LossCause) -> &'static str {
    match cause {
        LossCause::NoEndpoints => "엔드포인트가 없음",
        LossCause::NotListening => "프로세스가 아직 포트를 열지 않음",
        LossCause::NotRunning => "컨테이너가 실행 중이 아님",
        LossCause::NoSuchPort => "targetPort를 열어 둔 프로세스가 없음",
        LossCause::StillRouted => "프록시가 아직 그 파드로 보냄",
        LossCause::Cut => "응답하기 전에 프로세스가 종료됨",
        LossCause::PodGone => "프록시가 사라진 파드로 보냄",
        LossCause::NodeLost => "노드와 연결이 끊김",
        LossCause::ApplicationError => "애플리케이션이 오류로 응답",
        LossCause::Timeout => "제때 응답이 없음",
    }
}

/// 한국어.
pub(super) static KOREAN: TrafficTexts = TrafficTexts {
    service: "Service",
    rate: |rate| format!("초당 요청 {rate}개"),
    no_clients: "클라이언트 없음",
    waits_for_endpoint: "클라이언트가 첫 엔드포인트를 기다리는 중",
    sent: |sent| format!("전송 {sent}"),
    lost: |lost, per_mille| format!("유실 {lost} ({})", percent(per_mille)),
    none_lost: "유실 없음",
    routes: |routes| match routes {
        0 => "보낼 파드 없음".to_owned(),
        count => format!("파드 {count}개로 보냄"),
    },
    show_lost: "왜?",
    requests: "요청",
    requests_empty: "클라이언트는 Service로 요청을 보내는데 아직 Service가 없습니다. kubectl expose deployment/my-app --port=80 명령으로 만들 수 있습니다.",
    requests_none: "유실된 요청이 없습니다.",
    column_pod: "파드",
    column_cause: "원인",
    lost_mark: |lost| format!("{lost}개 유실"),
    lost_title: |lost, sent| format!("요청 {sent}개 중 {lost}개 유실"),
    said_losing: |cause| format!("요청이 유실되고 있습니다: {cause}."),
    said_lost: |lost, causes| format!("요청 {lost}개가 유실되었습니다: {causes}."),
    cause: korean_cause,
    gist: |cause| match cause {
        LossCause::NoEndpoints => {
            "Service가 요청을 보낼 파드가 없었습니다. Recreate는 이전 파드와 새 파드 사이에 이런 공백을 만들지만, 롤링 업데이트는 둘을 함께 실행합니다."
        }
        LossCause::NotListening => {
            "프로세스가 포트를 열기도 전에 파드가 준비된 것으로 처리되었습니다. 프로세스에 직접 확인하는 준비성 프로브가 있으면 이런 일을 막을 수 있습니다."
        }
        LossCause::NotRunning => {
            "컨테이너가 실행 중이 아니었지만 프록시는 아직 그 사실을 몰랐습니다."
        }
        LossCause::NoSuchPort => {
            "Service의 targetPort가 컨테이너의 포트와 달라서 요청을 받을 프로세스가 없습니다."
        }
        LossCause::StillRouted => {
            "파드는 종료 신호를 받고 새 연결을 받지 않았지만, 프록시는 조금 뒤에야 알게 되어 아직 그 파드로 요청을 보냈습니다. 그보다 오래 기다리는 preStop 훅이 있으면 이런 일을 막을 수 있습니다."
        }
        LossCause::Cut => {
            "응답하던 프로세스가 종료되었습니다. 처리 중이던 요청을 마치지 않았거나, 종료 유예 시간이 지나 강제로 종료되었습니다."
        }
        LossCause::PodGone => "파드는 이미 사라졌는데 프록시가 그 주소로 요청을 보냈습니다.",
        LossCause::NodeLost => {
            "파드가 있는 노드에 연결할 수 없습니다. 응답이 없어 클라이언트가 포기했습니다."
        }
        LossCause::ApplicationError => "이미지 규칙대로 애플리케이션이 오류로 응답했습니다.",
        LossCause::Timeout => "클라이언트가 기다리는 시간 안에 응답이 오지 않았습니다.",
    },
    fact: |what, cause, pod, via| {
        let pod = pod.unwrap_or("파드");
        let proxy = via.map_or("프록시".to_owned(), |node| format!("{node}의 프록시"));
        match what {
            What::Listed => {
                format!("EndpointSlice에 {} 준비된 엔드포인트로 추가됩니다.", subject(pod))
            }
            What::Routed => format!("첫 프록시가 {} 요청을 보내기 시작합니다.", toward(pod)),
            What::Unready => format!("{} 더 이상 Ready가 아닙니다.", topic(pod)),
            What::Terminating => format!("{pod}의 삭제가 시작됩니다."),
            What::Unlisted => format!("EndpointSlice에서 {} 빠집니다.", subject(pod)),
            What::Unrouted => {
                format!("{proxy}가 변경을 알게 되어 {} 더는 보내지 않습니다.", toward(pod))
            }
            What::NobodyListed => "EndpointSlice에 준비된 엔드포인트가 없습니다.".to_owned(),
            What::NobodyRouted => format!("{proxy}가 변경을 알게 되어 요청을 거절합니다."),
            What::NodeLost => "노드와 연결이 끊깁니다.".to_owned(),
            What::Started => "프로세스가 시작됩니다.".to_owned(),
            What::Listening => "프로세스가 포트를 열고 요청을 받습니다.".to_owned(),
            What::Sigterm => "프로세스가 SIGTERM을 받습니다.".to_owned(),
            What::Exited(137) => "프로세스가 강제로 종료됩니다: 종료 코드 137.".to_owned(),
            What::Exited(code) => format!("프로세스가 코드 {} 종료됩니다.", toward(code)),
            What::Gone => format!("{} 사라집니다.", subject(pod)),
            What::Sent => match via {
                Some(node) => {
                    format!("클라이언트가 요청을 보내고, 요청은 {} 들어옵니다.", toward(node))
                }
                None => "클라이언트가 요청을 보냅니다.".to_owned(),
            },
            What::Lost => format!("요청이 유실됩니다: {}.", korean_cause(cause)),
        }
    },
};
