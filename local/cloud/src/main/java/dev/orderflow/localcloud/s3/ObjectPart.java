package dev.orderflow.localcloud.s3;

import java.util.Map;

/// A part of an object that was uploaded in parts.
///
/// @param number part number of the upload
/// @param first offset of its first byte
/// @param size number of bytes
/// @param checksum checksum headers of the part, empty if it was uploaded without one
record ObjectPart(int number, int first, int size, Map<String, String> checksum) {

    ObjectPart {
        checksum = Map.copyOf(checksum);
    }
}
