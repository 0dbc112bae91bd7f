/// The auditor: what must be true across services, checked against each one's own word.
///
/// Guarantee: every change of every order is looked at, and once more when the grace is over; what
/// does not hold then is an open violation until it holds again. Limit: the services are asked one
/// after the other, so what is on its way looks wrong for a moment, which is why there is a grace;
/// while one of them does not answer, nothing is concluded.
@NullMarked
package dev.orderflow.operations.auditor;

import org.jspecify.annotations.NullMarked;
