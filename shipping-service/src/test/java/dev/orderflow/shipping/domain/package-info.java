@NullMarked
package dev.orderflow.shipping.domain;

import org.jspecify.annotations.NullMarked;
