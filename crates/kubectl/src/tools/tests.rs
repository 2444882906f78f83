//! Lines in, texts out.

use expect_test::{Expect, expect};

use crate::{Files, shell};

struct Two;

const TABLE: &str = "\
NAME                   READY   STATUS             RESTARTS   AGE
web-66d6dffc99-7xk2p   1/1     Running            0          3s
web-66d6dffc99-tdv9x   0/1     ImagePullBackOff   12         9s
api-5556894bd8-c79n8   1/1     Running            2          41s
";

impl Files for Two {
    fn read(&self, path: &str) -> Option<&str> {
        match path {
            "a.yaml" => Some("kind: Deployment\nname: web\n"),
            "b.yaml" => Some("kind: Service\n"),
            _ => None,
        }
    }

    fn paths(&self) -> Vec<String> {
        vec!["a.yaml".to_owned(), "b.yaml".to_owned()]
    }
}

/// Runs each line with the table piped in, and shows what it printed.
fn check(lines: &str, want: Expect) {
    let mut text = String::new();
    for line in lines.trim().lines() {
        let words = shell::split(line).steps.remove(0).words;
        let words: Vec<String> = words.into_iter().map(|word| word.text).collect();
        let output = super::run(&words, &Two, Some(TABLE)).expect("a program");
        text += &format!("$ {line}\n{}", output.stdout);
        text.extend(output.stderr.lines().map(|line| format!("! {line}\n")));
        if output.exit != 0 {
            text += &format!("exit {}\n", output.exit);
        }
    }
    want.assert_eq(&text);
}

#[test]
fn lines_are_found() {
    check(
        r"
grep web
grep -v Running
grep -c running
grep -ci running
grep -in 'IMAGE\|api'
grep -E '^(web|api)'
grep -E '^web|^api' -n
grep -w 0
grep -F .
grep -o '[a-z]*-[0-9a-f]*'
grep -A1 READY
grep -q nothing
grep -e api -e NAME
grep kind a.yaml b.yaml missing.yaml
grep '[z'
grep
grep -Z x
",
        expect![[r#"
            $ grep web
            web-66d6dffc99-7xk2p   1/1     Running            0          3s
            web-66d6dffc99-tdv9x   0/1     ImagePullBackOff   12         9s
            $ grep -v Running
            NAME                   READY   STATUS             RESTARTS   AGE
            web-66d6dffc99-tdv9x   0/1     ImagePullBackOff   12         9s
            $ grep -c running
            0
            exit 1
            $ grep -ci running
            2
            $ grep -in 'IMAGE\|api'
            3:web-66d6dffc99-tdv9x   0/1     ImagePullBackOff   12         9s
            4:api-5556894bd8-c79n8   1/1     Running            2          41s
            $ grep -E '^(web|api)'
            ! grep: this grep knows no groups and no counts
            exit 2
            $ grep -E '^web|^api' -n
            2:web-66d6dffc99-7xk2p   1/1     Running            0          3s
            3:web-66d6dffc99-tdv9x   0/1     ImagePullBackOff   12         9s
            4:api-5556894bd8-c79n8   1/1     Running            2          41s
            $ grep -w 0
            web-66d6dffc99-7xk2p   1/1     Running            0          3s
            web-66d6dffc99-tdv9x   0/1     ImagePullBackOff   12         9s
            $ grep -F .
            exit 1
            $ grep -o '[a-z]*-[0-9a-f]*'
            web-66d6dffc99
            -7
            web-66d6dffc99
            -
            api-5556894bd8
            -c79
            $ grep -A1 READY
            NAME                   READY   STATUS             RESTARTS   AGE
            web-66d6dffc99-7xk2p   1/1     Running            0          3s
            $ grep -q nothing
            exit 1
            $ grep -e api -e NAME
            NAME                   READY   STATUS             RESTARTS   AGE
            api-5556894bd8-c79n8   1/1     Running            2          41s
            $ grep kind a.yaml b.yaml missing.yaml
            a.yaml:kind: Deployment
            b.yaml:kind: Service
            ! grep: missing.yaml: No such file or directory
            exit 2
            $ grep '[z'
            ! grep: Unmatched [, [^, [:, [., or [=
            exit 2
            $ grep
            ! grep: a pattern is missing: grep [-ivcEFwnq] PATTERN [FILE]
            exit 2
            $ grep -Z x
            ! grep: invalid option -- 'Z'
            exit 2
        "#]],
    );
}

#[test]
fn lines_are_chosen_ordered_and_counted() {
    check(
        r"
head -n 1
head -2
tail -n1
tail -1 a.yaml b.yaml
head -n x
sort
sort -r -k 3
sort -k4n
sort -nk4 -r
sort -k
wc
wc -l
wc -l a.yaml b.yaml
cat a.yaml nope
cat
ls
ls -l a.yaml nope
head --lines=3
watch kubectl get pods
",
        expect![[r#"
            $ head -n 1
            NAME                   READY   STATUS             RESTARTS   AGE
            $ head -2
            NAME                   READY   STATUS             RESTARTS   AGE
            web-66d6dffc99-7xk2p   1/1     Running            0          3s
            $ tail -n1
            api-5556894bd8-c79n8   1/1     Running            2          41s
            $ tail -1 a.yaml b.yaml
            ==> a.yaml <==
            name: web

            ==> b.yaml <==
            kind: Service
            $ head -n x
            ! head: invalid number of lines: 'x'
            exit 1
            $ sort
            NAME                   READY   STATUS             RESTARTS   AGE
            api-5556894bd8-c79n8   1/1     Running            2          41s
            web-66d6dffc99-7xk2p   1/1     Running            0          3s
            web-66d6dffc99-tdv9x   0/1     ImagePullBackOff   12         9s
            $ sort -r -k 3
            NAME                   READY   STATUS             RESTARTS   AGE
            api-5556894bd8-c79n8   1/1     Running            2          41s
            web-66d6dffc99-7xk2p   1/1     Running            0          3s
            web-66d6dffc99-tdv9x   0/1     ImagePullBackOff   12         9s
            $ sort -k4n
            NAME                   READY   STATUS             RESTARTS   AGE
            web-66d6dffc99-7xk2p   1/1     Running            0          3s
            api-5556894bd8-c79n8   1/1     Running            2          41s
            web-66d6dffc99-tdv9x   0/1     ImagePullBackOff   12         9s
            $ sort -nk4 -r
            web-66d6dffc99-tdv9x   0/1     ImagePullBackOff   12         9s
            api-5556894bd8-c79n8   1/1     Running            2          41s
            web-66d6dffc99-7xk2p   1/1     Running            0          3s
            NAME                   READY   STATUS             RESTARTS   AGE
            $ sort -k
            ! sort: option requires an argument -- 'k'
            exit 2
            $ wc
                  4      20     258
            $ wc -l
            4
            $ wc -l a.yaml b.yaml
             2 a.yaml
             1 b.yaml
             3 total
            $ cat a.yaml nope
            kind: Deployment
            name: web
            ! cat: nope: No such file or directory
            exit 1
            $ cat
            NAME                   READY   STATUS             RESTARTS   AGE
            web-66d6dffc99-7xk2p   1/1     Running            0          3s
            web-66d6dffc99-tdv9x   0/1     ImagePullBackOff   12         9s
            api-5556894bd8-c79n8   1/1     Running            2          41s
            $ ls
            a.yaml
            b.yaml
            $ ls -l a.yaml nope
            a.yaml
            ! ls: cannot access 'nope': No such file or directory
            exit 2
            $ head --lines=3
            ! head: unrecognized option '--lines=3'
            exit 2
            $ watch kubectl get pods
            ! error: watch is not part of the playground: `kubectl get … --watch` follows changes
            exit 127
        "#]],
    );
}

/// Whatever the pattern, an answer comes at once.
#[test]
fn patterns_take_no_time() {
    let hostile = ".*".repeat(40) + "x";
    let line = "y".repeat(2_000);
    let words = ["grep".to_owned(), hostile];
    let output = super::run(&words, &Two, Some(&line)).expect("a program");
    assert_eq!((output.exit, output.stdout.as_str()), (1, ""));
}

#[test]
fn nothing_is_read_where_nothing_is_piped() {
    let words = ["wc".to_owned()];
    let output = super::run(&words, &Two, None).expect("a program");
    assert_eq!(output.stderr, "wc: nothing to read: name a file, or try kubectl get pods | wc\n");
}
