// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.machine;

import io.efirts.api.spi.ContextRepair;

/** The state of a {@link ScriptedVcpu} that a call into firmware must preserve. */
public enum VcpuRegister {
  /** The root of the active address space. */
  ADDRESS_SPACE_ROOT(ContextRepair.ADDRESS_SPACE_ROOT),
  /** 0 while interrupts are delivered. */
  INTERRUPT_MASK(ContextRepair.INTERRUPT_MASK),
  /** 0 or 1; UEFI 2.10 section 2.3.4: clear when firmware is called. */
  DIRECTION_FLAG(ContextRepair.DIRECTION_FLAG),
  /** Control word of the floating-point unit. */
  FP_CONTROL(ContextRepair.FP_CONTROL),
  /** A general register that belongs to the caller, as RBX and X19 do. */
  PRESERVED_0(ContextRepair.PRESERVED_REGISTER),
  /** Another one: each must be preserved by itself. */
  PRESERVED_1(ContextRepair.PRESERVED_REGISTER),
  /** The platform's own register. */
  PLATFORM(ContextRepair.PLATFORM_REGISTER),
  /** The stack pointer. */
  STACK_POINTER(ContextRepair.STACK);

  private final ContextRepair repair;

  VcpuRegister(ContextRepair repair) {
    this.repair = repair;
  }

  /**
   * What is reported when firmware has changed this register.
   *
   * @return the kind of repair
   */
  public ContextRepair repair() {
    return repair;
  }
}
