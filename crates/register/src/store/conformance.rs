//! What every store must do, as tests that take any store: the writer and the sealer rest on exactly this.
//!
//! Deliberately absent: crashes and full disks, which need a process or a disk of their own.

#![cfg(test)]

use openward_seal::chain::{BEFORE_FIRST, FileTag};
use openward_seal::digest::{EntryHash, PartHash};
use openward_seal::tiles::Tile;

use super::{
    ActRow, Boxes, CheckpointRow, EVERYBODY, EntryRow, FileRow, ForecastRow, Marked, OutboxPlace, OutboxRow, OwedRow, PartRow, SpanRow,
    Store, TieRow, Trouble,
};

/// Runs every test, each on a store of its own. What comes with the store (a folder) lives as long as it.
pub(crate) fn all<S: Store, K>(fresh: impl Fn() -> (S, K)) {
    let tests: &[fn(S)] = &[
        entries_come_back,
        a_length_is_checked,
        an_act_id_is_kept_once,
        a_rolled_back_transaction_leaves_nothing,
        a_reader_sees_what_was_committed_and_stays_in_its_moment,
        the_past_is_asked_by_instant,
        the_log_is_contiguous_and_each_entry_stands_in_it_once,
        tiles_and_names_and_checkpoints_are_kept,
        a_lease_has_one_holder,
        forecasts_are_replaced_whole_and_marked,
        what_was_computed_of_a_file_is_forgotten_and_of_no_other,
        drafts_are_their_writers_alone_and_run_out,
        ties_are_kept_by_file_and_asked_by_who,
        what_is_sent_goes_once,
        rows_that_belong_to_nothing_are_said,
    ];
    for test in tests {
        let (store, kept) = fresh();
        test(store);
        drop(kept);
    }
}

fn hash(byte: u8) -> EntryHash {
    EntryHash::from_bytes([byte; 32])
}

fn file(byte: u8) -> FileRow {
    FileRow { id: 0, name: [byte; 16], kind: 1, domain: 2, tag: FileTag::from_bytes([byte; 16]), length: 0, head: BEFORE_FIRST }
}

fn entry(n: u64, recorded: i64) -> EntryRow {
    let byte = u8::try_from(n).expect("a small number");
    let part = |i| PartRow { i, hash: PartHash::from_bytes([byte; 32]), boxed: vec![byte; 40 + i as usize] };
    EntryRow { n, recorded, prev: hash(byte - 1), hash: hash(byte), act: [byte; 16], parts: vec![part(0), part(1), part(2)] }
}

fn with_entries<S: Store>(store: &mut S, byte: u8, count: u64) -> i64 {
    store.begin().expect("begun");
    let id = store.add_file(&file(byte)).expect("added");
    for n in 1..=count {
        store.add_entry(id, &entry(n, 1000 * i64::try_from(n).expect("small"))).expect("added");
    }
    assert!(store.grow_file(id, 0, count, &hash(u8::try_from(count).expect("small"))).expect("asked"));
    store.commit().expect("committed");
    id
}

fn entries_come_back<S: Store>(mut store: S) {
    let two = with_entries(&mut store, 2, 2);
    assert_eq!(store.last_recorded().expect("read"), Some(2000));
    let one = with_entries(&mut store, 1, 3);
    assert_eq!(store.entries(one, 1, u64::MAX).expect("read"), (1..=3).map(|n| entry(n, 1000 * n as i64)).collect::<Vec<_>>());
    assert_eq!(store.entries(one, 2, 2).expect("read"), [entry(2, 2000)]);
    assert_eq!(store.entries(two, 3, 9).expect("read"), []);
    let from = |from, most, boxes| store.entries_from(two, from, most, boxes).expect("read");
    assert_eq!([0, 2, 3].map(|first| from(first, 1, Boxes::Read).first().map(|entry| entry.n)), [Some(1), Some(2), None]);
    let all = store.entries(two, 1, 9).expect("read");
    assert_eq!(from(0, 9, Boxes::Read), all);
    let mut left = all;
    left.iter_mut().flat_map(|entry| &mut entry.parts).for_each(|part| part.boxed.clear());
    assert_eq!(from(0, 9, Boxes::Left), left);
    let kept = store.file(&[1; 16]).expect("read").expect("there");
    assert_eq!(kept, FileRow { id: one, length: 3, head: hash(3), ..file(1) });
    assert_eq!(store.file_by_id(one).expect("read"), Some(kept));
    assert_eq!(store.file(&[9; 16]).expect("read"), None);
    assert_eq!(store.files_after(0, 9).expect("read").len(), 2);
    assert_eq!(store.files_after(two, 9).expect("read").len(), 1);
    assert_eq!((store.files_of_kind(1).expect("read"), store.files_of_kind(5).expect("read")), (vec![[2; 16], [1; 16]], Vec::new()));
    assert_eq!(store.orphans().expect("read"), []);
    assert_eq!(store.last_recorded().expect("read"), Some(3000), "also of what waits for the log");
    store.set_meta("origin", b"a").and_then(|()| store.set_meta("origin", b"b")).expect("kept");
    assert_eq!(store.meta("origin").expect("read"), Some(b"b".to_vec()));
}

fn a_length_is_checked<S: Store>(mut store: S) {
    let id = with_entries(&mut store, 1, 2);
    store.begin().expect("begun");
    assert!(!store.grow_file(id, 1, 2, &hash(7)).expect("asked"));
    assert!(store.grow_file(id, 2, 3, &hash(7)).expect("asked"));
    let twice = store.add_entry(id, &entry(2, 5)).expect_err("the number is taken");
    assert_eq!(twice.trouble, Trouble::Rule);
    store.rollback().expect("rolled back");
    assert_eq!(store.add_file(&file(1)).expect_err("the pseudonym is taken").trouble, Trouble::Rule);
}

fn an_act_id_is_kept_once<S: Store>(mut store: S) {
    let file = with_entries(&mut store, 1, 2);
    let act = ActRow { file, first: 1, last: 2 };
    store.begin().and_then(|()| store.add_act(&[7; 16], &act)).expect("kept");
    assert_eq!(store.add_act(&[7; 16], &act).expect_err("it is there").trouble, Trouble::Rule);
    store.commit().expect("committed");
    assert_eq!(store.act(&[7; 16]).expect("read"), Some(act));
    assert_eq!(store.act(&[8; 16]).expect("read"), None);
    let mut all = Vec::new();
    assert_eq!(store.acts(&mut |id, act| all.push((*id, *act))).expect("read"), 1);
    assert_eq!(all, [([7; 16], act)]);
}

fn a_rolled_back_transaction_leaves_nothing<S: Store>(mut store: S) {
    let id = with_entries(&mut store, 1, 1);
    store.begin().and_then(|()| store.add_entry(id, &entry(2, 1))).and_then(|()| store.rollback()).expect("rolled back");
    store.rollback().expect("nothing is open, which is no error");
    assert_eq!(store.entries(id, 1, 9).expect("read").len(), 1);
    assert_eq!(store.waiting(9).expect("read").len(), 1);
}

fn a_reader_sees_what_was_committed_and_stays_in_its_moment<S: Store>(mut store: S) {
    let id = with_entries(&mut store, 1, 1);
    let mut reader = store.reader().expect("a reader");
    store.begin().and_then(|()| store.add_entry(id, &entry(2, 1))).expect("added");
    assert_eq!(reader.entries(id, 1, 9).expect("read").len(), 1);
    reader.begin_reading().expect("begun");
    assert_eq!(reader.entries(id, 1, 9).expect("read").len(), 1);
    store.commit().expect("committed");
    assert_eq!(reader.entries(id, 1, 9).expect("read").len(), 1);
    reader.end_reading().expect("ended");
    assert_eq!(reader.entries(id, 1, 9).expect("read").len(), 2);
    assert!(reader.begin().and_then(|()| reader.set_meta("x", b"y")).is_err());
}

fn the_past_is_asked_by_instant<S: Store>(mut store: S) {
    let id = with_entries(&mut store, 1, 3);
    let lengths = [999, 1000, 2999, 3000, i64::MAX].map(|at| store.length_at(id, at).expect("read"));
    assert_eq!(lengths, [0, 1, 2, 3, 3]);
}

fn the_log_is_contiguous_and_each_entry_stands_in_it_once<S: Store>(mut store: S) {
    let (one, two) = (with_entries(&mut store, 1, 2), with_entries(&mut store, 2, 1));
    let waiting = store.waiting(2).expect("read");
    assert_eq!(waiting.iter().map(|entry| (entry.file, entry.n, entry.hash)).collect::<Vec<_>>(), [(one, 1, hash(1)), (one, 2, hash(2))]);
    store.begin().and_then(|()| store.add_to_log(0, &waiting)).and_then(|()| store.commit()).expect("logged");
    let rest = store.waiting(9).expect("read");
    assert_eq!(rest.len(), 1);
    store.begin().expect("begun");
    assert_eq!(store.add_to_log(1, &rest).expect_err("the place is taken").trouble, Trouble::Rule);
    store.rollback().and_then(|()| store.begin()).expect("begun again");
    assert_eq!(store.add_to_log(2, &waiting).expect_err("they are in the log").trouble, Trouble::Rule);
    store.rollback().and_then(|()| store.begin()).expect("begun again");
    store.add_to_log(2, &rest).and_then(|()| store.commit()).expect("logged");
    assert_eq!(store.places_of(one).expect("read"), [(1, 0), (2, 1)]);
    assert_eq!((store.place_of(two, 1).expect("read"), store.place_of(two, 2).expect("read")), (Some(2), None));
    assert_eq!((store.at_place(2).expect("read"), store.at_place(3).expect("read")), (Some((two, 1)), None));
    assert_eq!((store.log_rows().expect("read"), store.waiting(9).expect("read").len()), ([3, 0, 0], 0));
}

fn tiles_and_names_and_checkpoints_are_kept<S: Store>(mut store: S) {
    let tile = |width| Tile::hashes(0, 7, width).expect("a tile");
    for width in [1, 2, 256] {
        store.put_tile(tile(width), &[u8::try_from(width % 256).expect("small")]).expect("kept");
    }
    assert_eq!(store.tile(tile(2)).expect("read"), None, "a narrower tile goes once a wider one is there");
    assert_eq!(store.tile(tile(256)).expect("read"), Some(vec![0]));
    store.put_names(3, 1, b"one").and_then(|()| store.put_names(3, 2, b"two")).expect("kept");
    assert_eq!(store.names(3).expect("read"), Some((2, b"two".to_vec())));
    assert_eq!(store.names(4).expect("read"), None);
    for size in [5, 3, 9] {
        store.put_checkpoint(&CheckpointRow { size, note: b"n".to_vec() }).expect("kept");
    }
    assert_eq!(store.newest_checkpoint().expect("read").map(|row| row.size), Some(9));
    assert_eq!(store.checkpoints().expect("read").iter().map(|row| row.size).collect::<Vec<_>>(), [3, 5, 9]);
    store.drop_checkpoint(5).expect("dropped");
    assert_eq!(store.checkpoints().expect("read").iter().map(|row| row.size).collect::<Vec<_>>(), [3, 9]);
    assert_eq!(store.log_rows().expect("read"), [0, 1, 1]);
}

fn a_lease_has_one_holder<S: Store>(mut store: S) {
    let mut take = |holder: u8, now, until| store.take_lease("sealer", &[holder; 16], now, until).expect("asked");
    assert!(take(1, 0, 10));
    assert!(!take(2, 9, 20));
    assert!(take(1, 9, 20));
    assert!(!take(2, 19, 30));
    assert!(take(2, 20, 30));
    assert!(!take(1, 21, 31));
    assert!(take(1, 5, 15), "no lease that was taken could end then");
    assert_eq!(store.lease_end("sealer").expect("read"), Some(15));
    assert_eq!(store.lease_end("nobody").expect("read"), None);
}

fn forecast(law: &str, stale: bool, next_change: Option<i64>) -> ForecastRow {
    ForecastRow {
        law: law.to_owned(),
        digest: [1; 32],
        length: 2,
        context: [2; 32],
        next_change,
        stale,
        boxed: vec![1, 2, 3],
        spans: vec![
            SpanRow { held: 1, authority: 2, begins: 3, until: Some(4) },
            SpanRow { held: 0, authority: 4, begins: 4, until: None },
        ],
        owed: vec![OwedRow { state: 1, since: 5, due: Some(6) }, OwedRow { state: 2, since: 5, due: None }],
    }
}

fn forecasts_are_replaced_whole_and_marked<S: Store>(mut store: S) {
    let (one, two) = (with_entries(&mut store, 1, 1), with_entries(&mut store, 2, 1));
    let both = [forecast("a", false, Some(50)), forecast("b", false, None)];
    store.put_forecasts(one, &both, None).expect("kept");
    assert_eq!(store.forecasts(one).expect("read"), both);
    store.put_forecasts(one, &both[1..], Some(&both)).and_then(|()| store.put_forecasts(two, &both[..1], Some(&[]))).expect("kept");
    assert_eq!(store.forecasts(one).expect("read"), both[1..]);
    let (first, second) = ([[3; 16], [4; 16]], [[4; 16], [5; 16]]);
    store.put_relies_on(one, &first, None).and_then(|()| store.put_relies_on(one, &second, Some(&first))).expect("kept");
    assert_eq!(store.relies_on(one).expect("read"), [[4; 16], [5; 16]]);
    store.mark_dependents(&[3; 16]).expect("nobody relies on it");
    assert_eq!(store.next_marked(9).expect("read"), None);
    store.mark_dependents(&[5; 16]).expect("marked");
    assert!(store.forecasts(one).expect("read")[0].stale && !store.forecasts(two).expect("read")[0].stale);
    assert_eq!(store.files_to_look_at(49, 9).expect("read"), [one]);
    assert_eq!(store.files_to_look_at(50, 9).expect("read"), [one, two]);
    assert_eq!(store.next_marked(9).expect("read"), Some(Marked { other: [5; 16], files: vec![one] }));
    store.unmark(&[5; 16], Some(one)).expect("done");
    assert!(!store.forecasts(one).expect("read")[0].stale);
    assert_eq!(store.next_marked(9).expect("read"), Some(Marked { other: [5; 16], files: vec![] }));
    store.mark_dependents(&[5; 16]).expect("marked again, from the first on");
    assert_eq!(store.next_marked(9).expect("read"), Some(Marked { other: [5; 16], files: vec![one] }));
    store.unmark(&[5; 16], None).and_then(|()| store.mark_all()).expect("marked");
    assert_eq!(store.next_marked(1).expect("read"), Some(Marked { other: EVERYBODY, files: vec![one] }));
    store.unmark(&EVERYBODY, Some(one)).expect("done");
    assert!(!store.forecasts(one).expect("read")[0].stale && store.forecasts(two).expect("read")[0].stale);
}

fn what_was_computed_of_a_file_is_forgotten_and_of_no_other<S: Store>(mut store: S) {
    let (one, two) = (with_entries(&mut store, 1, 1), with_entries(&mut store, 2, 1));
    for (file, name) in [(one, [1; 16]), (two, [2; 16])] {
        store.put_forecasts(file, &[forecast("a", false, Some(50))], None).expect("kept");
        store.put_relies_on(file, &[[4; 16]], None).expect("kept");
        store.put_ties(file, &[TieRow { who: [4; 16], tie: 0, since: 0, until: None }], None).expect("kept");
        let place = OutboxPlace { file, n: 1, i: 0 };
        store.add_outbox(&OutboxRow { place, due: 0, state: 0, boxed: b"letter".to_vec() }).expect("kept");
        store.put_draft(&name, &name, 100, b"box").expect("kept");
    }
    store.forget(one, &[1; 16]).expect("forgotten");
    assert!(store.forecasts(one).expect("read").is_empty() && store.relies_on(one).expect("read").is_empty());
    assert_eq!((store.ties(one).expect("read").len(), store.ties(two).expect("read").len()), (0, 1));
    assert_eq!(store.draft(&[1; 16], &[1; 16], 0).expect("read"), None);
    assert_eq!(store.outbox_due(9, 9).expect("read").iter().map(|row| row.place.file).collect::<Vec<_>>(), [two]);
    assert_eq!((store.forecasts(two).expect("read").len(), store.relies_on(two).expect("read").len()), (1, 1));
    assert!(store.draft(&[2; 16], &[2; 16], 0).expect("read").is_some());
    assert_eq!(store.entries(one, 1, 9).expect("read").len(), 1, "entries stay");
}

fn drafts_are_their_writers_alone_and_run_out<S: Store>(mut store: S) {
    let read = |store: &S, who: u8, now| store.draft(&[1; 16], &[who; 16], now).expect("read");
    let one = (100, b"box".to_vec());
    store.put_draft(&[1; 16], &[2; 16], 100, b"box").expect("kept");
    store.put_draft(&[1; 16], &[3; 16], 900, b"stolen").expect("asked");
    store.drop_draft(&[1; 16], &[3; 16], 99).expect("asked");
    assert_eq!((read(&store, 2, 99), read(&store, 2, 100), read(&store, 3, 0)), (Some(one), None, None));
    store.put_draft(&[9; 16], &[2; 16], 900, b"later").and_then(|()| store.drop_draft(&[8; 16], &[2; 16], 100)).expect("dropped");
    assert_eq!(read(&store, 2, 0), None, "what has run out is gone");
    assert_eq!(store.draft(&[9; 16], &[2; 16], 0).expect("read"), Some((900, b"later".to_vec())));
    store.drop_draft(&[9; 16], &[2; 16], 0).expect("dropped");
    assert_eq!(store.draft(&[9; 16], &[2; 16], 0).expect("read"), None);
}

fn ties_are_kept_by_file_and_asked_by_who<S: Store>(mut store: S) {
    let (one, two) = (with_entries(&mut store, 1, 1), with_entries(&mut store, 2, 1));
    let tie = |who: u8, tie, since, until| TieRow { who: [who; 16], tie, since, until };
    let rows = [tie(7, 0, 10, None), tie(7, 0, 5, Some(8)), tie(7, 2, 10, Some(20)), tie(9, 1, 0, None)];
    let sorted = [rows[1], rows[0], rows[2], rows[3]];
    store.put_ties(one, &rows, None).and_then(|()| store.put_ties(two, &[tie(7, 1, 12, None)], None)).expect("kept");
    assert_eq!(store.ties(one).expect("read"), sorted);
    let of = |store: &S, at, after, most| store.ties_of(&[7; 16], at, after, most).expect("read");
    assert_eq!(of(&store, 15, 0, 9), [(one, rows[0]), (one, rows[2]), (two, tie(7, 1, 12, None))]);
    assert_eq!((of(&store, 8, 0, 9), of(&store, 7, 0, 9)), (vec![], vec![(one, rows[1])]));
    assert_eq!(of(&store, 20, 0, 9), [(one, rows[0]), (two, tie(7, 1, 12, None))]);
    assert_eq!((of(&store, 15, 0, 1), of(&store, 15, one, 9)), (vec![(one, rows[0]), (one, rows[2])], vec![(two, tie(7, 1, 12, None))]));
    let ended = [rows[1], TieRow { until: Some(30), ..rows[0] }];
    store.put_ties(one, &ended, Some(&sorted)).expect("kept");
    assert_eq!(store.ties(one).expect("read"), ended);
    store.put_ties(one, &[], None).expect("kept");
    assert!(store.ties(one).expect("read").is_empty());
}

fn what_is_sent_goes_once<S: Store>(mut store: S) {
    let file = with_entries(&mut store, 1, 1);
    let place = |i| OutboxPlace { file, n: 1, i };
    let row = |i| OutboxRow { place: place(i), due: 10 + i64::from(i), state: 0, boxed: b"letter".to_vec() };
    store.add_outbox(&row(0)).and_then(|()| store.add_outbox(&row(1))).expect("kept");
    assert_eq!(store.add_outbox(&row(1)).expect_err("the place is taken").trouble, Trouble::Rule);
    assert!(store.outbox_due(9, 9).expect("read").is_empty());
    assert_eq!(store.outbox_due(10, 9).expect("read"), [row(0)]);
    assert_eq!(store.outbox_at(place(0)).expect("read"), Some(row(0)));
    store.outbox_done(place(0), b"gone").expect("said");
    assert_eq!((store.outbox_due(10, 9).expect("read"), store.outbox_at(place(0)).expect("read")), (Vec::new(), None));
    assert_eq!(store.outbox_of(file).expect("read"), [OutboxRow { state: 1, boxed: b"gone".to_vec(), ..row(0) }, row(1)]);
}

fn rows_that_belong_to_nothing_are_said<S: Store>(mut store: S) {
    let one = with_entries(&mut store, 1, 1);
    store.put_forecasts(one, &[forecast("a", false, None)], None).and_then(|()| store.put_relies_on(one, &[[3; 16]], None)).expect("kept");
    let kind = file(1).kind;
    assert_eq!((store.strays(kind).expect("read"), store.damage().expect("read")), (Vec::new(), Vec::new()));
    let found = store.strays(kind + 1).expect("read");
    assert_eq!(found.iter().map(|(file, _)| *file).collect::<Vec<_>>(), [one; 4], "{found:?}");
}
