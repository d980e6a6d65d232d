//! Every state that a protocol can come to, breadth first, so that the way to a fault is a shortest one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Debug;
use std::hash::Hash;

/// A protocol with the world around it.
pub(crate) trait Protocol {
    /// All that is kept, on its way, or in the memory of a node.
    type State: Clone + Eq + Hash;
    /// Something that happens.
    type Event: Copy + Debug;
    /// What can be wrong.
    type Wrong: Copy + Debug + PartialEq;

    /// What is wrong when relay and sweeper can go on for ever.
    const ENDLESS: Self::Wrong;

    /// How it begins.
    fn start(&self) -> Self::State;

    /// What can happen next. A step that changes nothing may be among them.
    fn steps(&self, state: &Self::State) -> Vec<Step<Self>>;

    /// What must be so in every state.
    fn check(&self, state: &Self::State) -> Result<(), Self::Wrong>;

    /// What must be so when the relay and the sweeper have nothing left to do.
    fn check_settled(&self, state: &Self::State) -> Result<(), Self::Wrong>;
}

/// A step to another state.
pub(crate) struct Step<P: Protocol + ?Sized> {
    pub(crate) event: P::Event,
    /// Whether relay and sweeper go it by themselves, without any node and any fault.
    pub(crate) repairs: bool,
    pub(crate) then: P::State,
}

/// How much there was to see.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) states: usize,
    pub(crate) steps: usize,
    /// States in which relay and sweeper have nothing left to do.
    pub(crate) settled: usize,
}

/// A state that must not be, and a shortest way to it.
#[derive(Debug)]
pub(crate) struct Found<E, W> {
    pub(crate) wrong: W,
    pub(crate) way: Vec<E>,
}

/// Visits all states. Every way that relay and sweeper can go alone ends, and ends well: from any state, wherever the nodes
/// were when they died, so that nothing depends on one of them coming back.
pub(crate) fn explore<P: Protocol>(protocol: &P) -> Result<Seen, Found<P::Event, P::Wrong>> {
    let mut walk = Walk::<P>::from(protocol.start());
    let mut next = 0;
    while next < walk.states.len() {
        let state = walk.states[next].clone();
        let found = |wrong, walk: &Walk<P>| Found { wrong, way: walk.way_to(next) };
        protocol.check(&state).map_err(|wrong| found(wrong, &walk))?;
        let mut settled = true;
        for step in protocol.steps(&state) {
            if step.then == state {
                continue;
            }
            settled &= !step.repairs;
            walk.go(next, step);
        }
        if settled {
            walk.settled += 1;
            protocol.check_settled(&state).map_err(|wrong| found(wrong, &walk))?;
        }
        next += 1;
    }
    if !walk.repairs_end() {
        return Err(Found { wrong: P::ENDLESS, way: Vec::new() });
    }
    Ok(Seen { states: walk.states.len(), steps: walk.steps, settled: walk.settled })
}

struct Walk<P: Protocol> {
    known: HashMap<P::State, u32>,
    states: Vec<P::State>,
    came: Vec<Option<(u32, P::Event)>>,
    steps: usize,
    settled: usize,
    repairs: Vec<(u32, u32)>,
}

impl<P: Protocol> Walk<P> {
    fn from(start: P::State) -> Self {
        let known = HashMap::from([(start.clone(), 0)]);
        Self { known, states: vec![start], came: vec![None], steps: 0, settled: 0, repairs: Vec::new() }
    }

    fn go(&mut self, from: usize, step: Step<P>) {
        let from = u32::try_from(from).expect("fewer states than four thousand million");
        let fresh = u32::try_from(self.states.len()).expect("fewer states than four thousand million");
        self.steps += 1;
        let to = match self.known.entry(step.then) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                self.states.push(place.key().clone());
                self.came.push(Some((from, step.event)));
                *place.insert(fresh)
            }
        };
        if step.repairs {
            self.repairs.push((from, to));
        }
    }

    fn way_to(&self, state: usize) -> Vec<P::Event> {
        let mut way = Vec::new();
        let mut at = state;
        while let Some((from, event)) = self.came[at] {
            way.push(event);
            at = from as usize;
        }
        way.reverse();
        way
    }

    /// Whether no way of repairs comes back to where it was: states are taken away that no repair leads to, until none is left.
    fn repairs_end(&self) -> bool {
        let mut into = vec![0_u32; self.states.len()];
        let mut begin = vec![0_u32; self.states.len() + 1];
        for (from, to) in &self.repairs {
            into[*to as usize] += 1;
            begin[*from as usize + 1] += 1;
        }
        for state in 1..begin.len() {
            begin[state] += begin[state - 1];
        }
        // `go` is called in the order of the states it comes from, so their repairs lie together.
        let mut free: Vec<usize> = (0..into.len()).filter(|state| into[*state] == 0).collect();
        let mut taken = 0;
        while let Some(state) = free.pop() {
            taken += 1;
            for (_, to) in &self.repairs[begin[state] as usize..begin[state + 1] as usize] {
                let to = *to as usize;
                into[to] -= 1;
                if into[to] == 0 {
                    free.push(to);
                }
            }
        }
        taken == self.states.len()
    }
}
