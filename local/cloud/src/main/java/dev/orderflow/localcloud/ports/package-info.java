/// The ports through which one service of the local cloud reaches another, so that none knows
/// another's insides.
@NullMarked
package dev.orderflow.localcloud.ports;

import org.jspecify.annotations.NullMarked;
