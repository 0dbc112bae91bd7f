/// The few operations of KMS that envelope encryption needs, on keys that are gone when the cloud
/// stops.
@NullMarked
package dev.orderflow.localcloud.kms;

import org.jspecify.annotations.NullMarked;
