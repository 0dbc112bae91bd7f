package dev.orderflow.localcloud.delivery;

/// Something to be brought somewhere.
public interface Parcel {

    /// What it is, for the log.
    String label();

    /// Where it goes. Parcels for one place share its lane, see [Courier].
    String lane();

    /// How long to keep trying.
    Patience patience();

    /// Tries once. An exception counts as [Attempt.Failed].
    ///
    /// @param retry 0 for the first attempt
    Attempt attempt(int retry);

    /// Called once when it will not be tried again.
    void givenUp(GivenUp why);
}
