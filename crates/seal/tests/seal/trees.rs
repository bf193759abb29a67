//! Trees and proofs: every pair of small sizes, and the edges of tiles; every proof that is made checks, and no other does.

use openward_seal::digest::NodeHash;
use openward_seal::merkle::prove::{NoNode, Nodes, Tree, consistency, inclusion, root};
use openward_seal::merkle::verify::{self, ProofError};
use openward_seal::merkle::{EMPTY_ROOT, Frontier, leaf, node};
use proptest::prelude::*;

use crate::given::record;

fn tree(size: u64) -> Tree {
    let mut tree = Tree::new();
    (0..size).for_each(|index| tree.push(leaf(&record(index))));
    tree
}

/// The root from the definition alone: the hash of the two halves, split at the largest power of two below the size.
fn defined(from: u64, to: u64) -> NodeHash {
    match to - from {
        0 => EMPTY_ROOT,
        1 => leaf(&record(from)),
        size => {
            let mut half = 1;
            while half * 2 < size {
                half *= 2;
            }
            node(&defined(from, from + half), &defined(from + half, to))
        }
    }
}

#[test]
fn a_grown_tree_has_the_root_of_the_definition() {
    let tree = tree(70);
    let mut frontier = Frontier::new();
    for size in 0..=70 {
        assert_eq!(frontier.root(), defined(0, size), "{size}");
        assert_eq!(root(&tree, size), Ok(defined(0, size)), "{size}");
        assert_eq!(Frontier::resume(size, frontier.peaks().to_vec()), Some(frontier.clone()));
        frontier.push(leaf(&record(size)));
    }
    assert_eq!(Frontier::resume(3, frontier.peaks()[..1].to_vec()), None);
}

#[test]
fn every_leaf_of_every_small_tree_is_proved_and_in_no_other_place() {
    let tree = tree(70);
    for size in 1..=70 {
        let top = root(&tree, size).unwrap();
        for index in 0..size {
            let path = inclusion(&tree, index, size).unwrap().unwrap();
            let this = leaf(&record(index));
            assert_eq!(verify::inclusion(&this, index, size, &path, &top), Ok(()), "{index} of {size}");
            for other in (0..size).filter(|other| *other != index) {
                assert!(verify::inclusion(&this, other, size, &path, &top).is_err(), "{index} as {other} of {size}");
            }
            let other = leaf(&record(index + 1));
            assert_eq!(verify::inclusion(&other, index, size, &path, &top), Err(ProofError::Root));
        }
        assert_eq!(inclusion(&tree, size, size), Ok(None));
        assert_eq!(verify::inclusion(&top, size, size, &[], &top), Err(ProofError::NoSuchLeaf { index: size, size }));
    }
}

#[test]
fn every_pair_of_small_sizes_is_consistent_and_no_proof_serves_another_pair() {
    let tree = tree(70);
    let roots: Vec<NodeHash> = (0..=70).map(|size| root(&tree, size).unwrap()).collect();
    for new in 0..=70usize {
        for old in 0..=new {
            let path = consistency(&tree, old as u64, new as u64).unwrap().unwrap();
            let check = |old_root, new_root, path: &[NodeHash]| verify::consistency(old as u64, old_root, new as u64, new_root, path);
            assert_eq!(check(&roots[old], &roots[new], &path), Ok(()), "{old} to {new}");
            let wrong = NodeHash::from_bytes([0; 32]);
            assert!(check(&wrong, &roots[new], &path).is_err(), "{old} to {new}: old root");
            // From an empty log to any other there is nothing to prove.
            assert_eq!(check(&roots[old], &wrong, &path).is_err(), old > 0 || new == 0, "{old} to {new}: new root");
            let mut longer = path.clone();
            longer.push(roots[new]);
            assert_eq!(check(&roots[old], &roots[new], &longer), Err(ProofError::Length { found: path.len() + 1 }), "{old} to {new}");
            if !path.is_empty() {
                assert!(check(&roots[old], &roots[new], &path[1..]).is_err());
                assert!(check(&roots[old], &roots[new], &path[..path.len() - 1]).is_err());
            }
        }
    }
    assert_eq!(consistency(&tree, 5, 4), Ok(None));
    assert_eq!(verify::consistency(5, &roots[5], 4, &roots[4], &[]), Err(ProofError::OldIsLarger { old: 5, new: 4 }));
}

#[test]
fn a_missing_node_is_an_error_and_not_a_wrong_proof() {
    assert_eq!(inclusion(&tree(4), 0, 9), Err(NoNode));
    assert_eq!(tree(4).node(2, 1), Err(NoNode));
    assert_eq!(tree(4).size(), 4);
}

#[test]
fn a_proof_between_the_largest_sizes_ends_and_does_not_panic() {
    let zero = NodeHash::from_bytes([0; 32]);
    for path in [vec![], vec![zero; 1], vec![zero; 63], vec![zero; 64], vec![zero; 65]] {
        assert!(verify::inclusion(&zero, u64::MAX - 1, u64::MAX, &path, &zero).is_err());
        assert!(verify::consistency(u64::MAX - 1, &zero, u64::MAX, &zero, &path).is_err());
        assert!(verify::consistency(1 << 63, &zero, u64::MAX, &zero, &path).is_err());
    }
}

proptest! {
    #[test]
    fn no_flipped_bit_of_a_proof_passes(size in 2u64..300, pick in any::<u64>(), bit in any::<usize>()) {
        let tree = tree(size);
        let top = root(&tree, size).unwrap();
        let index = pick % size;
        let path = inclusion(&tree, index, size).unwrap().unwrap();
        let bad = flipped(&path, bit);
        prop_assert!(verify::inclusion(&leaf(&record(index)), index, size, &bad, &top).is_err());
        let old = 1 + pick % (size - 1);
        let path = consistency(&tree, old, size).unwrap().unwrap();
        let bad = flipped(&path, bit);
        prop_assert!(verify::consistency(old, &root(&tree, old).unwrap(), size, &top, &bad).is_err());
    }
}

fn flipped(path: &[NodeHash], bit: usize) -> Vec<NodeHash> {
    let mut bad = path.to_vec();
    let at = bit % (bad.len() * 256);
    let mut bytes = *bad[at / 256].as_bytes();
    bytes[at % 256 / 8] ^= 1 << (at % 8);
    bad[at / 256] = NodeHash::from_bytes(bytes);
    bad
}
