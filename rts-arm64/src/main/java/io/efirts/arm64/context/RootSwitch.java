// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import io.efirts.arm64.vcpu.Arm64Vcpu;
import io.efirts.arm64.vcpu.Tcr;
import io.efirts.arm64.vcpu.Ttbr;

/** Loads of TTBR0_EL1 after which the processor knows no translation of another root as its own. */
final class RootSwitch {
  private RootSwitch() {}

  /** Activates a root, unless it is active. */
  static void activate(Arm64Vcpu vcpu, long root) {
    long previous = vcpu.addressSpaceRoot();
    if (previous != root) {
      vcpu.loadAddressSpaceRoot(root);
      if (sharesAsid(vcpu, previous, root)) {
        vcpu.flushTranslations();
      }
    }
  }

  /** Activates a root although translations may be cached with its ASID that are not its own. */
  static void activateClean(Arm64Vcpu vcpu, long root) {
    vcpu.loadAddressSpaceRoot(root);
    vcpu.flushTranslations();
  }

  private static boolean sharesAsid(Arm64Vcpu vcpu, long a, long b) {
    long tcr = vcpu.tcr();
    return (tcr & Tcr.A1) != 0 || Ttbr.sharesAsid(a, b, tcr);
  }
}
