//! Whom proxies route to: lists of which hundreds of versions are kept and compared.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::store::PodId;

/// So many pods one after the other share a piece of the list.
const PIECE: u32 = 64;

/// A pod that proxies route to, and the port of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) pod: PodId,
    pub(crate) name: Rc<str>,
    pub(crate) port: i64,
}

/// Routes by number of the pod. Clones are cheap, and versions share what they have in common.
#[derive(Clone, Debug, Default)]
pub(super) struct Routes {
    pieces: Rc<Vec<Piece>>,
    len: usize,
}

#[derive(Clone, Debug)]
struct Piece {
    number: u32,
    /// How many routes there are before these.
    before: usize,
    routes: Rc<Vec<Route>>,
}

impl Routes {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The route at this place.
    pub(super) fn nth(&self, place: usize) -> Option<&Route> {
        let after = self.pieces.partition_point(|piece| piece.before <= place);
        let piece = self.pieces.get(after.checked_sub(1)?)?;
        piece.routes.get(place - piece.before)
    }

    /// A pod is routed to like this, or not at all.
    pub(super) fn put(&mut self, pod: PodId, route: Option<Route>) {
        let number = pod.number() / PIECE;
        let at = self.pieces.binary_search_by_key(&number, |piece| piece.number);
        let known = at.ok().map(|at| &*self.pieces[at].routes);
        let found = known.map(|routes| routes.binary_search_by_key(&pod, |route| route.pod));
        let same = match (found, &route) {
            (None | Some(Err(_)), None) => true,
            (Some(Ok(place)), Some(route)) => known.is_some_and(|routes| routes[place] == *route),
            _ => false,
        };
        if same {
            return;
        }
        let pieces = Rc::make_mut(&mut self.pieces);
        let at = at.unwrap_or_else(|at| {
            pieces.insert(at, Piece { number, before: 0, routes: Rc::default() });
            at
        });
        let routes = Rc::make_mut(&mut pieces[at].routes);
        match (found.unwrap_or(Err(0)), route) {
            (Ok(place), Some(route)) => routes[place] = route,
            (Ok(place), None) => drop(routes.remove(place)),
            (Err(place), Some(route)) => routes.insert(place, route),
            (Err(_), None) => {}
        }
        if routes.is_empty() {
            pieces.remove(at);
        }
        self.len = 0;
        for piece in pieces {
            piece.before = self.len;
            self.len += piece.routes.len();
        }
    }

    /// The pods that are in one list alone, and whether that is `after`.
    pub(super) fn differences(&self, after: &Self) -> Vec<(PodId, bool)> {
        let mut found = Vec::new();
        if Rc::ptr_eq(&self.pieces, &after.pieces) {
            return found;
        }
        let (mut old, mut new) = (self.pieces.iter().peekable(), after.pieces.iter().peekable());
        loop {
            let number = match (old.peek(), new.peek()) {
                (None, None) => return found,
                (Some(one), None) | (None, Some(one)) => one.number,
                (Some(old), Some(new)) => old.number.min(new.number),
            };
            let of = |pieces: &mut std::iter::Peekable<std::slice::Iter<'_, Piece>>| {
                pieces.next_if(|piece| piece.number == number).map(|piece| piece.routes.clone())
            };
            let (before, after) =
                (of(&mut old).unwrap_or_default(), of(&mut new).unwrap_or_default());
            if !Rc::ptr_eq(&before, &after) {
                let has = |list: &[Route], route: &Route| {
                    list.binary_search_by_key(&route.pod, |known| known.pod).is_ok()
                };
                let gone = before.iter().filter(|route| !has(&after, route));
                found.extend(gone.map(|route| (route.pod, false)));
                let come = after.iter().filter(|route| !has(&before, route));
                found.extend(come.map(|route| (route.pod, true)));
            }
        }
    }
}

/// By how many proxies pods are routed to.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    pieces: BTreeMap<u32, [u32; PIECE as usize]>,
    len: usize,
}

impl Counts {
    /// How many pods any proxy routes to.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The pods that any proxy routes to.
    pub(super) fn pods(&self) -> impl Iterator<Item = PodId> {
        self.pieces.iter().flat_map(|(number, counts)| {
            let counted = counts.iter().zip(number * PIECE..).filter(|(count, _)| **count > 0);
            counted.map(|(_, pod)| PodId(pod))
        })
    }

    /// One proxy more routes to a pod, or one less. Returns whether it is the first, or was the
    /// last.
    pub(super) fn change(&mut self, pod: PodId, routed: bool) -> bool {
        let number = pod.number() / PIECE;
        let counts = self.pieces.entry(number).or_insert([0; PIECE as usize]);
        let count = &mut counts[(pod.number() % PIECE) as usize];
        if routed {
            *count += 1;
            self.len += usize::from(*count == 1);
            return *count == 1;
        }
        *count = count.saturating_sub(1);
        if *count > 0 {
            return false;
        }
        self.len -= 1;
        if counts.iter().all(|count| *count == 0) {
            self.pieces.remove(&number);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, PodId, Route, Routes};

    fn route(pod: u32) -> Option<Route> {
        Some(Route { pod: PodId(pod), name: format!("web-{pod}").into(), port: 80 })
    }

    fn routes(pods: &[u32]) -> Routes {
        let mut routes = Routes::default();
        pods.iter().for_each(|pod| routes.put(PodId(*pod), route(*pod)));
        routes
    }

    fn pods(routes: &Routes) -> Vec<u32> {
        (0..routes.len()).map(|place| routes.nth(place).unwrap().pod.0).collect()
    }

    #[test]
    fn they_are_in_order_however_they_come() {
        let mut some = routes(&[200, 3, 64, 63, 0, 3]);
        assert_eq!(pods(&some), [0, 3, 63, 64, 200]);
        assert!(some.nth(5).is_none());
        some.put(PodId(64), None);
        some.put(PodId(64), None);
        some.put(PodId(1), None);
        assert_eq!(pods(&some), [0, 3, 63, 200]);
        [0, 3, 63, 200].into_iter().for_each(|pod| some.put(PodId(pod), None));
        assert!(some.is_empty() && some.pieces.is_empty());
    }

    #[test]
    fn the_first_and_the_last_proxy_count() {
        let mut counts = Counts::default();
        let changes = [(3, true), (3, true), (70, true), (3, false), (3, false), (3, true)];
        let first_or_last = changes.map(|(pod, routed)| counts.change(PodId(pod), routed));
        assert_eq!(first_or_last, [true, false, true, false, true, true]);
        assert_eq!((counts.len(), counts.pods().collect()), (2, vec![PodId(3), PodId(70)]));
        counts.change(PodId(70), false);
        assert_eq!((counts.len(), counts.pieces.len()), (1, 1));
    }

    #[test]
    fn versions_differ_by_what_was_put_between() {
        let before = routes(&[0, 3, 63, 64, 200]);
        let mut after = before.clone();
        assert_eq!(before.differences(&after), []);
        after.put(PodId(64), None);
        after.put(PodId(5), route(5));
        after.put(PodId(500), route(500));
        let wanted = [(5, true), (64, false), (500, true)].map(|(pod, is)| (PodId(pod), is));
        assert_eq!(before.differences(&after), wanted);
        assert_eq!(after.differences(&before), wanted.map(|(pod, is)| (pod, !is)));
        // What stays the same is shared.
        after.put(PodId(200), route(200));
        assert!(std::rc::Rc::ptr_eq(&before.pieces[2].routes, &after.pieces[1].routes));
        assert_eq!(Routes::default().differences(&after).len(), after.len());
    }
}
