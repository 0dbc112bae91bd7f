/// The values that services share, each defined once: what an SKU, a payment method, an e-mail
/// address or a sum of money is.
///
/// Guarantee: a record of this package that exists is valid. Its constructor refuses everything
/// else with an [InvalidValueException], which names the value, states the rule and never quotes
/// what was sent. The service at which a value enters refuses what is not valid; every service
/// behind it uses the same record, so that none refuses what another accepted.
///
/// Limit: values that were stored or published before a rule became stricter are read without these
/// records where a refusal would lose them.
@NullMarked
package dev.orderflow.contracts.value;

import org.jspecify.annotations.NullMarked;
