/// Cancels orders, and gives the permit to dispatch that excludes it.
///
/// Guarantee: of a cancellation and a permit for the same order exactly one is granted, whichever
/// is stored first; both may be asked again and answer the same. Limit: an accepted cancellation
/// is finished by the workflow, which undoes what it has done so far.
@NullMarked
package dev.orderflow.order.cancellation;

import org.jspecify.annotations.NullMarked;
