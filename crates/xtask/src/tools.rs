//! The tools that build the page: found, or installed into a cache that all checkouts share.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::{Done, Failure, cargo, on_path, output_of, run, say};

/// 0.22 needs a newer rustc than the one this project is pinned to.
const TRUNK: &str = "0.21.14";
/// Older ones do not know the features that today's rustc uses.
const WASM_OPT: &str = "132";
const TARGET: &str = "wasm32-unknown-unknown";

/// Where trunk and what it calls were found.
#[derive(Debug)]
pub(crate) struct Tools {
    pub(crate) trunk: PathBuf,
    pub(crate) wasm_bindgen: PathBuf,
    /// Only makes the page smaller: a build without it is whole.
    pub(crate) wasm_opt: Option<PathBuf>,
}

/// The cache's folder for tools.
pub(crate) fn cache() -> Done<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => {
            let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
            let home =
                home.ok_or_else(|| Failure::new("neither XDG_CACHE_HOME nor HOME is set"))?;
            PathBuf::from(home).join(".cache")
        }
    };
    let folder = base.join("rollscope").join("tools");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// `cargo xtask tools`
pub(crate) fn main() -> Done {
    let tools = all()?;
    println!("trunk         {}", tools.trunk.display());
    println!("wasm-bindgen  {}", tools.wasm_bindgen.display());
    match &tools.wasm_opt {
        Some(path) => println!("wasm-opt      {}", path.display()),
        None => println!("wasm-opt      none: the page is built without it, a little larger"),
    }
    Ok(())
}

/// Everything that builds the page.
pub(crate) fn all() -> Done<Tools> {
    target()?;
    Ok(Tools { trunk: trunk()?, wasm_bindgen: wasm_bindgen()?, wasm_opt: wasm_opt() })
}

/// The compiler's target for browsers.
pub(crate) fn target() -> Done {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
    let sysroot = output_of(rustc.args(["--print", "sysroot"]))?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib");
    if library.is_dir() {
        return Ok(());
    }
    say(format_args!("installing the target {TARGET} (a few seconds)"));
    run(Command::new("rustup").args(["target", "add", TARGET])).map_err(|failure| {
        Failure::new(format!("{failure}; add the target {TARGET} to your Rust toolchain"))
    })
}

fn trunk() -> Done<PathBuf> {
    installed("trunk", "trunk", TRUNK, "about ten minutes on two cores")
}

/// The version must be exactly that of the library, which Cargo.lock names.
pub(crate) fn wasm_bindgen() -> Done<PathBuf> {
    let version = locked_version("wasm-bindgen")?;
    installed("wasm-bindgen", "wasm-bindgen-cli", &version, "about five minutes on two cores")
}

fn locked_version(package: &str) -> Done<String> {
    let lock = std::fs::read_to_string(crate::root().join("Cargo.lock"))?;
    let name = format!("name = {package:?}");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = "));
    version
        .map(|version| version.trim_matches('"').to_owned())
        .ok_or_else(|| Failure::new(format!("Cargo.lock does not name {package}")))
}

/// Whether `PROGRAM --version` names this version.
fn is_version(program: &Path, version: &str) -> bool {
    let output = Command::new(program).arg("--version").stderr(Stdio::null()).output();
    output.is_ok_and(|output| {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.split_whitespace().any(|word| word.trim_start_matches('v') == version)
    })
}

/// A program of an exact version: from PATH, else from the cache, else installed there.
fn installed(program: &str, package: &str, version: &str, takes: &str) -> Done<PathBuf> {
    if let Some(found) = on_path(program).filter(|found| is_version(found, version)) {
        return Ok(found);
    }
    let folder = cache()?.join(format!("{package}-{version}"));
    let file = folder.join("bin").join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    if is_version(&file, version) {
        return Ok(file);
    }
    say(format_args!("compiling {package} {version} into {} ({takes})", folder.display()));
    let install = |locked: bool| {
        let mut install = cargo();
        install.args(["install", package, "--version", &format!("={version}"), "--root"]);
        install.arg(&folder).current_dir(std::env::temp_dir());
        // The checkout's target directory is not a place for other people's builds.
        install.env_remove("CARGO_TARGET_DIR");
        if locked {
            install.arg("--locked");
        }
        run(&mut install)
    };
    if install(true).is_err() {
        say("its locked dependencies could not be had; trying with the latest compatible ones");
        install(false)?;
    }
    if is_version(&file, version) {
        return Ok(file);
    }
    Err(Failure::new(format!("{} does not say that it is version {version}", file.display())))
}

/// wasm-opt, where it is there or Node is there to install it with.
fn wasm_opt() -> Option<PathBuf> {
    if let Some(found) = on_path("wasm-opt").filter(|found| is_version(found, WASM_OPT)) {
        return Some(found);
    }
    match npm_package("binaryen", WASM_OPT) {
        Ok(folder) => {
            let file = folder.join("node_modules").join(".bin").join("wasm-opt");
            is_version(&file, WASM_OPT).then_some(file)
        }
        Err(failure) => {
            say(format_args!(
                "no wasm-opt {WASM_OPT} ({failure}): the page will be a little larger"
            ));
            None
        }
    }
}

/// A folder of the cache with a package of the npm registry in its `node_modules`.
pub(crate) fn npm_package(package: &str, version: &str) -> Done<PathBuf> {
    let (Some(_), Some(npm)) = (on_path("node"), on_path("npm")) else {
        return Err(Failure::new("Node.js is not installed"));
    };
    let name = package.trim_start_matches('@').replace('/', "-");
    let folder = cache()?.join(format!("{name}-{version}"));
    // npm takes the major version of binaryen for a range: its packages are versioned `132.0.0`.
    let exact = if version.contains('.') { version.to_owned() } else { format!("{version}.0.0") };
    if folder.join("node_modules").join(package).join("package.json").is_file() {
        return Ok(folder);
    }
    say(format_args!("installing {package} {exact} into {} (a few seconds)", folder.display()));
    std::fs::create_dir_all(&folder)?;
    let mut install = Command::new(npm);
    install.args([
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--silent",
        "--prefix",
    ]);
    install.arg(&folder).arg(format!("{package}@{exact}")).current_dir(&folder);
    run(&mut install)?;
    Ok(folder)
}

/// PATH with the tools' folders in front, for trunk looks there only.
pub(crate) fn path_with(tools: &Tools) -> Done<std::ffi::OsString> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for tool in [Some(&tools.wasm_bindgen), tools.wasm_opt.as_ref()].into_iter().flatten() {
        folders.extend(tool.parent().map(Path::to_path_buf));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    std::env::join_paths(folders).map_err(|error| Failure::new(error.to_string()))
}
