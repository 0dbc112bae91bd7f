/// What a reservation may become, and what stock does then: values and one table, no machinery.
///
/// Guarantee: every report in every standing has a decision, and stock is given back or shipped
/// only where it was held. Limit: it decides for one reservation whose row the caller has
/// locked.
@NullMarked
package dev.orderflow.inventory.domain;

import org.jspecify.annotations.NullMarked;
