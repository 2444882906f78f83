//! The addresses of machines and of pods.
//!
//! Every node has a block of addresses for its pods, `spec.podCIDR`, and gives them out one after
//! the other. Models the range allocator in `pkg/controller/nodeipam/ipam`, as to which blocks the
//! nodes get, and the `host-local` plugin, as to how a node gives out its addresses.

use std::net::Ipv4Addr;

use rollscope_api::object::Node;

use crate::pod_client::PODS_MAX;

/// `--node-cidr-mask-size`: no block is smaller than a /24.
const SMALLEST_BLOCK: u32 = 256;
/// The part of the address space that blocks are taken from begins here, as in most clusters.
const FIRST_BLOCK: u32 = u32::from_be_bytes([10, 244, 0, 0]);
/// What lies above it in the private range 10.0.0.0/8.
const ABOVE: u32 = 12 << 16;
/// Where it goes on after that; 10.0.0.0/16 is for Services.
const SECOND_BLOCK: u32 = u32::from_be_bytes([10, 1, 0, 0]);
const BELOW: u32 = 243 << 16;
/// No network of ours: where it goes on in clusters that are larger than any real one.
const LAST_BLOCK: u32 = u32::from_be_bytes([11, 0, 0, 0]);
/// Addresses for pods that no block has room for, from the shared range 100.64.0.0/10.
const SPARE: u32 = u32::from_be_bytes([100, 64, 0, 1]);

/// The address of the `number`-th machine.
pub(crate) fn machine_address(number: usize) -> String {
    let number = number + 2;
    format!("172.18.{}.{}", number / 256 % 256, number % 256)
}

/// Which addresses of the cluster's pods have been given away.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ClusterAddresses {
    given: u32,
    spare: u32,
}

impl ClusterAddresses {
    /// The block for a machine that has room for so many pods: twice as many addresses, so that
    /// one that was given back is not given out again at once.
    pub(crate) fn block(&mut self, pods: u32) -> String {
        let pods = pods.min(PODS_MAX as u32);
        let size = (2 * pods).next_power_of_two().max(SMALLEST_BLOCK);
        let from = self.given.next_multiple_of(size);
        self.given = from + size;
        let first = match from {
            from if from < ABOVE => FIRST_BLOCK + from,
            from if from < ABOVE + BELOW => SECOND_BLOCK + (from - ABOVE),
            from => LAST_BLOCK + (from - ABOVE - BELOW),
        };
        format!("{}/{}", Ipv4Addr::from(first), size.leading_zeros() + 1)
    }

    /// An address that belongs to no block: of a pod too many on a full node, or on a node without
    /// a block.
    pub(crate) fn spare(&mut self) -> u32 {
        self.spare += 1;
        SPARE + (self.spare - 1)
    }
}

/// A node's block and what is taken of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct PodAddresses {
    first: u32,
    size: u32,
    /// What was given out last, counted from the first.
    last: u32,
    /// A bit an address.
    taken: Vec<u64>,
}

impl PodAddresses {
    /// The block of a node; an empty one if it has none.
    pub(crate) fn of(node: Option<&Node>) -> Self {
        let block = node.and_then(|node| {
            let (first, bits) = node.spec.pod_cidr.split_once('/')?;
            let (first, bits): (Ipv4Addr, u32) = (first.parse().ok()?, bits.parse().ok()?);
            Some((first.into(), 1_u32.checked_shl(32_u32.checked_sub(bits)?)?))
        });
        let Some((first, size)) = block else { return Self::default() };
        // The first is the network's own, the second the gateway's.
        Self { first, size, last: 1, taken: vec![0; size.div_ceil(64) as usize] }
    }

    /// The next address after the last that is free. The block's last is for broadcasts.
    pub(crate) fn take(&mut self) -> Option<u32> {
        let usable = self.size.checked_sub(3)?;
        // The one after the last comes first, the last itself comes last.
        let mut in_turn = (0..usable).map(|turn| (self.last - 1 + turn) % usable + 2);
        let free = in_turn.find(|at| self.taken[*at as usize / 64] >> (at % 64) & 1 == 0)?;
        self.taken[free as usize / 64] |= 1 << (free % 64);
        self.last = free;
        Some(self.first + free)
    }

    /// An address may be given out again.
    pub(crate) fn give_back(&mut self, address: u32) {
        if let Some(at) = address.checked_sub(self.first).filter(|at| *at < self.size) {
            self.taken[at as usize / 64] &= !(1 << (at % 64));
        }
    }
}

#[cfg(test)]
mod tests {
    use rollscope_api::object::{Node, NodeSpec};

    use super::{ClusterAddresses, Ipv4Addr, PodAddresses};

    fn node(cidr: &str) -> PodAddresses {
        let spec = NodeSpec { pod_cidr: cidr.to_owned(), ..NodeSpec::default() };
        PodAddresses::of(Some(&Node {
            metadata: Default::default(),
            spec,
            status: Default::default(),
        }))
    }

    fn take(addresses: &mut PodAddresses) -> String {
        addresses.take().map_or("none".to_owned(), |address| Ipv4Addr::from(address).to_string())
    }

    #[test]
    fn blocks_fit_the_pods_and_follow_one_another() {
        let mut cluster = ClusterAddresses::default();
        let blocks: Vec<String> =
            [110, 110, 500, 10, 128, 129, 30_000, 100_000].map(|pods| cluster.block(pods)).into();
        assert_eq!(
            blocks.join(" "),
            "10.244.0.0/24 10.244.1.0/24 10.244.4.0/22 10.244.8.0/24 10.244.9.0/24 \
             10.244.10.0/23 10.245.0.0/16 10.246.0.0/16"
        );
    }

    #[test]
    fn blocks_of_the_largest_cluster_do_not_overlap() {
        let mut cluster = ClusterAddresses::default();
        let blocks: Vec<String> = (0..5_000).map(|_| cluster.block(100_000)).collect();
        assert_eq!(
            [0, 11, 12, 254, 255, 4_999].map(|at| blocks[at].as_str()),
            [
                "10.244.0.0/16",
                "10.255.0.0/16",
                "10.1.0.0/16",
                "10.243.0.0/16",
                "11.0.0.0/16",
                "29.136.0.0/16"
            ]
        );
    }

    #[test]
    fn a_node_goes_round_its_block_and_leaves_out_what_is_taken() {
        let mut addresses = node("10.244.3.0/24");
        assert_eq!([take(&mut addresses), take(&mut addresses)], ["10.244.3.2", "10.244.3.3"]);
        addresses.give_back(u32::from(Ipv4Addr::new(10, 244, 3, 2)));
        for _ in 4..=254 {
            addresses.take().unwrap();
        }
        assert_eq!([take(&mut addresses), take(&mut addresses)], ["10.244.3.2", "none"]);
        addresses.give_back(u32::from(Ipv4Addr::new(10, 244, 3, 254)));
        assert_eq!([take(&mut addresses), take(&mut addresses)], ["10.244.3.254", "none"]);
    }

    #[test]
    fn a_node_without_a_block_has_no_addresses() {
        assert_eq!(PodAddresses::of(None).take(), None);
        assert_eq!(node("").take(), None);
        // What others gave out is nothing to it.
        node("10.244.3.0/24").give_back(u32::from(Ipv4Addr::new(100, 64, 0, 1)));
    }
}
