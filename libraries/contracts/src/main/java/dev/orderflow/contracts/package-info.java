/// The messages that services and the workflow exchange.
///
/// Each message has a JSON schema, an example and a record. A published schema does not change;
/// every change, even an optional field, is a new version.
///
/// **Broad events** are published on the bus for current and future consumers, so they contain ids,
/// SKUs, quantities and totals, but no payment method, address, name or free text. **Commands**
/// are sent from the workflow to one queue and contain the task token for the response.
@NullMarked
package dev.orderflow.contracts;

import org.jspecify.annotations.NullMarked;
