/// The values that services share, such as SKU, payment method id, e-mail address and money.
///
/// Guarantee: every instance of a record in this package is valid. The constructor throws an
/// [InvalidValueException], which names the value and the rule and never quotes the input. The
/// service that receives a value from outside rejects invalid ones; all other services use the same
/// record, so that none rejects what another accepted.
///
/// Limit: values that were stored or published before a rule became stricter are read without these
/// records if rejecting them would lose data.
@NullMarked
package dev.orderflow.contracts.value;

import org.jspecify.annotations.NullMarked;
