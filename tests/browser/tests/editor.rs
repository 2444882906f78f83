//! The editor under hands that are quicker than a browser tells of them, and slower than its offers.

mod page;

use page::{MY_APP_1, MY_APP_2, Page};
use rollscope_browser_tests::keys;
use serde_json::json;

/// A program selects everything and types at once: the browser has not told of the selection yet.
#[test]
fn text_goes_where_the_selection_is() {
    let page = Page::open();
    page.run(
        "addEventListener('selectionchange', event => {
           if (event.isTrusted) event.stopImmediatePropagation();
         }, true);
         const editor = document.querySelector('[role=textbox][aria-label=Manifest]');
         const range = document.createRange();
         range.selectNodeContents(editor);
         getSelection().removeAllRanges();
         getSelection().addRange(range);
         editor.focus();",
        json!([]),
    );
    page.insert_text(MY_APP_2);
    page.wait_for("the text that was put in", || {
        (page.manifest_text().trim_end() != MY_APP_1.trim_end()).then_some(())
    });
    assert_eq!(page.manifest_text().trim_end(), MY_APP_2.trim_end());
    page.assert_console_clean();
}

/// The list of offers has been there for a while when its word is whole.
#[test]
fn enter_after_a_whole_word_makes_a_new_line() {
    let page = Page::open();
    page.write_manifest("kind: Deplo");
    page.find(".cm-tooltip-autocomplete");
    // So long it takes no Enter, lest someone type ahead into it.
    std::thread::sleep(std::time::Duration::from_millis(300));
    let editor = page.role("textbox", "Manifest");
    page.type_into(&editor, &format!("yment{}metadata:", keys::ENTER));
    assert_eq!(page.manifest_text(), "kind: Deployment\nmetadata:\n");
    page.assert_console_clean();
}
