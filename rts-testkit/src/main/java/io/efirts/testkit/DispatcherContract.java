// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import org.junit.jupiter.api.Timeout;

/**
 * What callers may rely on, whichever way a dispatcher is built. Extended by the test of an
 * implementation, which gives a dispatcher over any firmware through {@code open}; the tests
 * themselves are grouped in the interfaces this class implements.
 */
@Timeout(60)
public abstract class DispatcherContract
    implements ArgumentPromises,
        AnswerPromises,
        MisusePromises,
        FaultPromises,
        GatePromises,
        InterruptPromises,
        ClosePromises {
  /** For subclasses. */
  protected DispatcherContract() {}
}
