//! The page loads from a sub-path, shows its places, and says nothing on the console.

use rollscope_browser_tests::Browser;

#[test]
fn the_page_opens_with_a_clean_console() {
    let browser = Browser::open();
    browser.find("main");
    assert!(browser.all("#boot").is_empty(), "the page still says that it is starting");
    browser.screenshot("opens");
    browser.assert_console_clean();
}
