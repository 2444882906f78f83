//! What the page says after a crash.

/// The sentences of one language.
#[allow(missing_docs, reason = "each field is named after what it says")]
pub struct RecoveryTexts {
    pub title: &'static str,
    pub explained: &'static str,
    pub restart: &'static str,
    pub afresh: &'static str,
    pub save_script: &'static str,
    pub save_manifest: &'static str,
    pub save_all: &'static str,
}

/// English.
pub(super) static ENGLISH: RecoveryTexts = RecoveryTexts {
    title: "Rollscope has stopped",
    explained: "This is a mistake of ours. What you did is kept in this browser: go on where you were, or save it as a file first.",
    restart: "Go on where I was",
    afresh: "Begin with an empty cluster",
    save_script: "Save the session as a file",
    save_manifest: "Save the manifests",
    save_all: "Save all that was kept",
};

/// 한국어.
pub(super) static KOREAN: RecoveryTexts = RecoveryTexts {
    title: "Rollscope가 멈췄습니다",
    explained: "Rollscope의 오류입니다. 지금까지 한 작업은 이 브라우저에 저장되어 있습니다. 하던 곳에서 계속하거나, 먼저 파일로 저장하세요.",
    restart: "하던 곳에서 계속",
    afresh: "빈 클러스터로 시작",
    save_script: "세션을 파일로 저장",
    save_manifest: "매니페스트 저장",
    save_all: "저장된 내용 모두 저장",
};
