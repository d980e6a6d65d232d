//! Many people, who register at a centre and do nothing else, by the verb of a vaccinator.

use super::desk;
use super::people::{Seeded, Stage, new_person, publish, together};
use super::places::{LogIn, centre_id};
use crate::world::World;
use portal::vault::Refused;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// So many come before the log is published: it is not left with all of them at once.
const AT_A_TIME: usize = 8192;

/// Registers so many people beyond the population of a world. `seeded` counts along.
///
/// # Errors
/// When the vault refuses something.
pub async fn crowd(
    stage: &Arc<Stage>,
    world: &Arc<World>,
    log_ins: &[LogIn],
    many: u32,
    seeded: &Arc<Seeded>,
) -> Result<(), Refused> {
    let staff = Arc::new(desk::anyone(stage, world, log_ins).await?);
    let mut coming = (world.population()..world.population() + many).peekable();
    while coming.peek().is_some() {
        let tasks = coming.by_ref().take(AT_A_TIME).map(|index| {
            let (stage, world, seeded, staff) =
                (Arc::clone(stage), Arc::clone(world), Arc::clone(seeded), Arc::clone(&staff));
            async move {
                let new = new_person(&world.person(index))?;
                stage.vault.register_at(&staff, centre_id(&world, 0), None, new).await?;
                seeded.people.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
        });
        together(tasks).await?;
        publish(stage).await?;
    }
    Ok(())
}
