// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.machine;

import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.Vcpu;
import java.util.Objects;

/**
 * A processor in plain fields, with every register that firmware can break.
 *
 * <p>Used by one thread at a time, the one that holds the gate; a test looks at it while nobody is
 * inside. No method blocks or allocates unless it says so.
 */
public final class ScriptedVcpu implements Vcpu {
  /** The root that is active before the first call. */
  public static final long HOST_ROOT = 0x4000_0000L;

  private static final VcpuRegister[] REGISTERS = VcpuRegister.values();

  private final long[] values = new long[REGISTERS.length];

  /**
   * A processor in the middle of its host's work: every register differs from what the firmware's
   * calling environment demands and from every other one, so that none goes unrestored unnoticed.
   */
  public ScriptedVcpu() {
    for (VcpuRegister register : REGISTERS) {
      set(register, 0x7000_0000L + register.ordinal());
    }
    set(VcpuRegister.ADDRESS_SPACE_ROOT, HOST_ROOT);
    set(VcpuRegister.DIRECTION_FLAG, 1);
  }

  /**
   * What a register holds.
   *
   * @param register which one
   * @return its value
   */
  public long get(VcpuRegister register) {
    return values[register.ordinal()];
  }

  /**
   * Loads a register.
   *
   * @param register which one
   * @param value its value
   */
  public void set(VcpuRegister register, long value) {
    values[register.ordinal()] = value;
  }

  @Override
  public long addressSpaceRoot() {
    return get(VcpuRegister.ADDRESS_SPACE_ROOT);
  }

  @Override
  public void loadAddressSpaceRoot(long root) {
    set(VcpuRegister.ADDRESS_SPACE_ROOT, root);
  }

  /**
   * Everything the processor holds.
   *
   * @return a new array, in the order of {@link VcpuRegister}
   */
  public long[] registers() {
    return values.clone();
  }

  /**
   * Changes what a call must preserve.
   *
   * @param kind which registers; every one of that kind gets another value
   */
  public void corrupt(ContextRepair kind) {
    for (VcpuRegister register : REGISTERS) {
      if (register.repair() == kind) {
        set(register, get(register) ^ 1);
      }
    }
  }

  /**
   * Firmware that breaks this processor and then goes on as if nothing were wrong.
   *
   * @param kind what it breaks, on every call
   * @param then makes the call afterwards
   * @return a new behaviour
   */
  public Firmware corrupting(ContextRepair kind, Firmware then) {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(then, "then");
    return frame -> {
      corrupt(kind);
      return then.call(frame);
    };
  }

  /** Copies every register. */
  void save(long[] target) {
    System.arraycopy(values, 0, target, 0, values.length);
  }

  /** Loads every register. */
  void restore(long[] source) {
    System.arraycopy(source, 0, values, 0, values.length);
  }

  /** Which kinds differ from what was saved, a mask of their bits. */
  int changesSince(long[] saved) {
    int changes = 0;
    for (int i = 0; i < values.length; i++) {
      if (values[i] != saved[i]) {
        changes |= REGISTERS[i].repair().bit();
      }
    }
    return changes;
  }
}
