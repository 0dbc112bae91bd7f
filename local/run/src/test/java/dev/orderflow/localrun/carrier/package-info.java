@NullMarked
package dev.orderflow.localrun.carrier;

import org.jspecify.annotations.NullMarked;
