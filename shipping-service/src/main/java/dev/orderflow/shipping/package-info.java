/// The shipping service: books parcels with the carrier under a dispatch permit and answers the
/// waiting workflow.
///
/// Guarantee: every order that the workflow requests to ship ends with one booking, a rejection or
/// a cancellation, and the workflow receives the result, through outages and restarts. Limit: the
/// service cannot recall a parcel that the carrier has.
@NullMarked
package dev.orderflow.shipping;

import org.jspecify.annotations.NullMarked;
