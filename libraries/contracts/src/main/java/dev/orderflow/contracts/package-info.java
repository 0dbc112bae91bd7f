/// The published language: what the services and the workflow tell each other.
///
/// One JSON schema, one golden example and one record for each message. A schema that was published
/// does not change in a way that breaks a reader; a change that must break gets a new version.
///
/// **Broad events** travel over the bus to consumers nobody has met yet, so they hold ids, SKUs,
/// quantities and totals, never a payment method, an address, a name or free text. **Commands**
/// go from the workflow to one queue and carry the task token that their answer needs.
@NullMarked
package dev.orderflow.contracts;

import org.jspecify.annotations.NullMarked;
