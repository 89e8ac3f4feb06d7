// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.fault;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spi.Firmware;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Calls that end by being thrown out of: memory faults, and what firmware written in Java adds to
 * them. Each behaviour throws on every call; none blocks.
 */
public final class FirmwareThrows {
  private static final long FAULT_ADDRESS = 0xdead_0000L;

  private FirmwareThrows() {}

  /**
   * A fault as the processor raises it.
   *
   * @param kind what went wrong
   * @param address the virtual address that was touched
   * @param access what firmware was doing with it; {@link Access#EXECUTE} for an instruction fetch
   * @return a behaviour that throws a new {@link FirmwareFault} on every call
   */
  public static Firmware fault(FaultKind kind, long address, Access access) {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(access, "access");
    return frame -> {
      throw new FirmwareFault(kind, address, access, 0);
    };
  }

  /**
   * An exception.
   *
   * @param exception what is thrown, this very object
   * @return a behaviour that throws it
   */
  public static Firmware exception(RuntimeException exception) {
    Objects.requireNonNull(exception, "exception");
    return frame -> {
      throw exception;
    };
  }

  /**
   * An error.
   *
   * @param error what is thrown, this very object
   * @return a behaviour that throws it
   */
  public static Firmware error(Error error) {
    Objects.requireNonNull(error, "error");
    return frame -> {
      throw error;
    };
  }

  /**
   * Endless recursion: the stack of the calling thread runs out, {@link StackOverflowError}.
   *
   * @return a behaviour that uses up the stack on every call
   */
  public static Firmware stackOverflow() {
    return frame -> recurse(frame, 0);
  }

  private static long recurse(CallFrame frame, long depth) {
    return recurse(frame, depth + 1) + frame.argumentCount();
  }

  /**
   * An allocation that cannot be met: {@link OutOfMemoryError}, raised by the JVM. The heap is not
   * filled, so other threads do not suffer.
   *
   * @return a behaviour that asks for an array beyond any limit on every call
   */
  public static Firmware outOfMemory() {
    return frame -> new long[Integer.MAX_VALUE].length;
  }

  /**
   * One behaviour for every way of throwing there is: each kind of fault, a fault of an instruction
   * fetch, an exception, an error, the stack run out, memory run out.
   *
   * @return what it throws, for messages, to a new behaviour; unmodifiable, always in the same
   *     order
   */
  public static Map<String, Firmware> all() {
    Map<String, Firmware> all = new LinkedHashMap<>();
    for (FaultKind kind : FaultKind.values()) {
      all.put("fault " + kind, fault(kind, FAULT_ADDRESS, Access.WRITE));
    }
    all.put("instruction fetch", fault(FaultKind.PROTECTION, FAULT_ADDRESS, Access.EXECUTE));
    all.put("exception", exception(new IllegalStateException("injected")));
    all.put("error", error(new AssertionError("injected")));
    all.put("stack overflow", stackOverflow());
    all.put("out of memory", outOfMemory());
    return Collections.unmodifiableMap(all);
  }
}
