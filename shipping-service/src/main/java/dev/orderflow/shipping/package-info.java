/// The shipping service: books a carrier under a dispatch permit and answers the waiting workflow.
///
/// Guarantee: every order the workflow asks to ship ends as one booking, a refusal or a
/// cancellation, and the workflow hears which, through outages and restarts. Limit: a parcel that
/// is with the carrier is not called back from here.
@NullMarked
package dev.orderflow.shipping;

import org.jspecify.annotations.NullMarked;
