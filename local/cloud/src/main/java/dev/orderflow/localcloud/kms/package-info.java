/// The KMS operations for envelope encryption. Keys are kept in memory.
@NullMarked
package dev.orderflow.localcloud.kms;

import org.jspecify.annotations.NullMarked;
