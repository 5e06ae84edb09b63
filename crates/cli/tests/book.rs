//! The sheets, sessions and pictures that the lessons of the book show, against the command.
//!
//! `UPDATE_GOLDEN=1 cargo test -p wengert-cli --test book` writes them anew.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A file of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// What a line typed in the folder of the repository prints: output, and then errors. With `> FILE`
/// at its end, the second part is that file.
fn typed(line: &str) -> (String, Option<&str>) {
    let (line, file) =
        line.split_once(" > ").map_or((line, None), |(line, file)| (line, Some(file)));
    let mut words = line.split(' ');
    assert_eq!(words.next(), Some("wengert"), "{line}");
    let output = Command::new(env!("CARGO_BIN_EXE_wengert"))
        .args(words)
        .current_dir(repository("."))
        .output()
        .expect("the command");
    assert!(output.status.code().is_some_and(|status| status < 2), "{line}: {output:?}");
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8(said).expect("text"), file)
}

/// The page as it should be: in blocks marked `console` what each line typed prints, and in blocks
/// marked `worksheet` the sheet that the next line typed is about. Pictures are returned with the
/// names of their files.
fn renewed(page: &str) -> (String, Vec<(String, String)>) {
    let mut pictures = Vec::new();
    let mut parts: Vec<String> = page.split("```").map(str::to_owned).collect();
    let mut sheet = None;
    for k in (1..parts.len()).step_by(2) {
        if parts[k].starts_with("worksheet\n") {
            sheet = Some(k);
        }
        let Some(session) = parts[k].strip_prefix("console\n").map(str::to_owned) else { continue };
        parts[k] = String::from("console\n");
        for line in session.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let (said, file) = typed(line);
            parts[k] += &format!("$ {line}\n");
            match file {
                Some(file) => pictures.push((file.to_owned(), said)),
                None => parts[k] += &said,
            }
            if let Some(sheet) = sheet.take() {
                let named = line.split(' ').find(|word| word.ends_with(".ws")).expect("a sheet");
                let text = fs::read_to_string(repository(named)).expect(named);
                parts[sheet] = format!("worksheet\n{text}");
            }
        }
    }
    (parts.join("```"), pictures)
}

#[test]
fn lessons_show_what_the_command_prints() {
    let update = env::var_os("UPDATE_GOLDEN").is_some();
    let (mut sessions, mut drawn) = (0, 0);
    for file in fs::read_dir(repository("docs/lessons")).expect("lessons").map(Result::unwrap) {
        let path = file.path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let page = fs::read_to_string(&path).expect("a page");
        let (wanted, pictures) = renewed(&page);
        sessions += page.matches("```console\n").count();
        drawn += pictures.len();
        if update {
            fs::write(&path, &wanted).expect("a page");
            pictures.iter().for_each(|(file, svg)| fs::write(repository(file), svg).expect(file));
        }
        let found = fs::read_to_string(&path).expect("a page");
        let differs = found.lines().zip(wanted.lines()).find(|(found, wanted)| found != wanted);
        assert!(
            differs.is_none(),
            "{}: {differs:?}\nIf this is meant: just golden",
            path.display()
        );
        assert_eq!(found, wanted, "{}", path.display());
        for (file, svg) in pictures {
            let found = fs::read_to_string(repository(&file)).expect(&file);
            assert!(found == svg, "{file} is not what is drawn\nIf this is meant: just golden");
        }
    }
    assert!(sessions >= 3 && drawn >= 2, "{sessions} sessions, {drawn} pictures");
}
