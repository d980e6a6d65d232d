//! What is asked in person, at a centre.

use super::FamilyHold;
use registry::{AppointmentId, CentreId};

/// Who files a case.
#[derive(Debug, Clone)]
pub enum Filer {
    /// The holder of a phone, by this sign-in.
    Family(FamilyHold),
    /// She herself, before a vaccinator: she is checked in at this appointment.
    Present {
        /// The appointment.
        appointment: AppointmentId,
        /// Where.
        centre: CentreId,
    },
}
