/// Encrypts personal data in the database, and erases it. A vertical slice with its own controller.
///
/// Each order's personal data is encrypted with a data key ([EncryptedEnvelope]: AES-256-GCM). Data
/// keys are stored wrapped by a master key, which is in KMS or, without KMS, in the configuration
/// ([MasterKey]). Accepting an order never waits for KMS: a scheduled task renews the data key long
/// before its limits ([DataKeys]).
///
/// Guarantee: no table contains an address, an e-mail address or a payment method in plaintext.
/// Data encrypted for one order cannot be used for another. Erased data is gone from every table.
/// Limit: an attacker with the service's own credentials can read what the service can, and a
/// backup from before an erasure contains the encrypted data until its retention ends (ADR 0008).
@NullMarked
package dev.orderflow.order.personaldata;

import org.jspecify.annotations.NullMarked;
