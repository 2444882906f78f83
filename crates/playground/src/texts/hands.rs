//! What the menu of a pod says.

use super::particle::{object, subject, topic};
use crate::model::hands::Deed;

/// The sentences of one language.
#[allow(missing_docs, reason = "each field is named after what it says")]
pub struct HandsTexts {
    pub menu: fn(&str) -> String,
    pub actions: &'static str,
    pub label: fn(Deed) -> &'static str,
    /// What no command says: how the thing is brought about.
    pub how: fn(Deed) -> &'static str,
    pub done: fn(Deed, &str) -> String,
    pub node: fn(&str) -> String,
}

/// English.
pub(super) static ENGLISH: HandsTexts = HandsTexts {
    menu: |pod| format!("Actions on {pod}"),
    actions: "Actions",
    label: |deed| match deed {
        Deed::Inspect => "Inspect",
        Deed::Delete => "Delete",
        Deed::Unready => "Make unready",
        Deed::Ready => "Let it be ready again",
        Deed::Crash => "Crash",
        Deed::Fail => "Starve",
        Deed::Evict => "Evict",
        Deed::Cordon => "Cordon the node",
        Deed::Uncordon => "Uncordon the node",
        Deed::Drain => "Drain the node",
        Deed::Lose => "Lose the node",
        Deed::Recover => "Recover the node",
        Deed::Remove => "Remove the node",
    },
    how: |deed| match deed {
        Deed::Unready => "its readiness fails until you let it pass",
        Deed::Ready => "its readiness is its probe's business again",
        Deed::Crash => "its processes exit with code 1",
        Deed::Fail => "its kubelet wants the memory: it fails and its object stays",
        Deed::Evict => "by the eviction API, as a drain does",
        Deed::Lose => "its network is cut: nobody hears of it, its pods run on",
        Deed::Recover => "its network is back",
        Deed::Remove => "the machine is taken away, and its Node with it",
        _ => "",
    },
    done: |deed, pod| match deed {
        Deed::Lose => format!("{pod} is lost."),
        Deed::Recover => format!("{pod} is back."),
        Deed::Remove => format!("{pod} is removed."),
        Deed::Unready => format!("{pod} is kept from ready."),
        Deed::Ready => format!("{pod} may be ready again."),
        Deed::Crash => format!("{pod} crashes."),
        Deed::Fail => format!("{pod} fails for want of memory."),
        Deed::Evict => format!("{pod} is evicted."),
        _ => String::new(),
    },
    node: |node| format!("Node {node}"),
};

/// 한국어.
pub(super) static KOREAN: HandsTexts = HandsTexts {
    menu: |pod| format!("{pod} 메뉴"),
    actions: "동작",
    label: |deed| match deed {
        Deed::Inspect => "자세히 보기",
        Deed::Delete => "삭제",
        Deed::Unready => "준비 안 됨으로 바꾸기",
        Deed::Ready => "준비 상태 되돌리기",
        Deed::Crash => "크래시 일으키기",
        Deed::Fail => "메모리 부족으로 실패시키기",
        Deed::Evict => "축출",
        Deed::Cordon => "노드 cordon",
        Deed::Uncordon => "노드 uncordon",
        Deed::Drain => "노드 drain",
        Deed::Lose => "연결 끊기",
        Deed::Recover => "연결 복구",
        Deed::Remove => "제거",
    },
    how: |deed| match deed {
        Deed::Unready => "되돌릴 때까지 준비성 프로브가 실패합니다",
        Deed::Ready => "준비 여부를 다시 프로브에 맡깁니다",
        Deed::Crash => "프로세스가 코드 1로 종료합니다",
        Deed::Fail => "kubelet이 메모리를 회수합니다. 실패한 파드 오브젝트는 남습니다",
        Deed::Evict => "drain처럼 축출 API를 사용합니다",
        Deed::Lose => "네트워크가 끊깁니다. 상태 보고가 멈추지만 파드는 계속 실행됩니다",
        Deed::Recover => "네트워크가 돌아옵니다",
        Deed::Remove => "머신과 Node 오브젝트가 함께 사라집니다",
        _ => "",
    },
    done: |deed, pod| match deed {
        Deed::Lose => format!("{pod}의 연결이 끊겼습니다."),
        Deed::Recover => format!("{pod}의 연결이 복구되었습니다."),
        Deed::Remove => format!("{} 제거되었습니다.", subject(pod)),
        Deed::Unready => format!("{} 준비되지 않은 상태로 둡니다.", object(pod)),
        Deed::Ready => format!("{} 다시 준비될 수 있습니다.", topic(pod)),
        Deed::Crash => format!("{pod}에 크래시를 일으켰습니다."),
        Deed::Fail => format!("{} 메모리 부족으로 실패합니다.", subject(pod)),
        Deed::Evict => format!("{} 축출됩니다.", subject(pod)),
        _ => String::new(),
    },
    node: |node| format!("노드 {node}"),
};
