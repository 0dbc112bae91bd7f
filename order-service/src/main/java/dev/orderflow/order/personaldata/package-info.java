/// Keeps personal data unreadable for whoever reads the database, and erases it.
///
/// Each order's personal data is sealed ([EncryptedEnvelope]: AES-256-GCM) under a data key. Data
/// keys are stored wrapped by a master key, which is in KMS or, where there is none, in the
/// configuration ([MasterKey]). Accepting an order never waits for KMS: the data key in use is
/// renewed long before its bounds, by a thread of its own ([DataKeys]).
///
/// Guarantee: no table holds an address, an e-mail address or a payment method in clear; what was
/// sealed for one order cannot be passed off as another's; what was erased is gone from every
/// table. Limit: whoever may use the service's own credentials can read what the service can, and a
/// backup from before an erasure holds the sealed data until its retention ends (ADR 0008).
@NullMarked
package dev.orderflow.order.personaldata;

import org.jspecify.annotations.NullMarked;
