// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/** Test doubles for firmware, and contract tests for whoever implements an interface of the API. */
module io.efirts.testkit {
  requires transitive io.efirts.api;
  requires transitive org.junit.jupiter.api;

  exports io.efirts.testkit;
  exports io.efirts.testkit.fault;
  exports io.efirts.testkit.lockstep;
  exports io.efirts.testkit.machine;
  exports io.efirts.testkit.step;

  // The contracts' tests are methods of package-private interfaces; the platform calls them.
  opens io.efirts.testkit to
      org.junit.platform.commons;
}
