// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import io.efirts.firmware.machine.ReferenceMachine;
import java.util.function.Supplier;

/** The ready-made machines, as a parameter of tests. */
enum Machines implements Supplier<ReferenceMachine> {
  Q35 {
    @Override
    public ReferenceMachine get() {
      return ReferenceMachine.q35();
    }
  },
  VIRT {
    @Override
    public ReferenceMachine get() {
      return ReferenceMachine.virt();
    }
  }
}
