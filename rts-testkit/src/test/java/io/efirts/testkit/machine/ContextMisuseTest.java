// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareContext.SaveArea;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.fault.FirmwareAnswers;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a dispatcher must not do with a context is noticed. */
@Timeout(60)
class ContextMisuseTest {
  private static final long ROOT = 0x8000;

  private final ScriptedVcpu vcpu = new ScriptedVcpu();
  private final ScriptedContext context = new ScriptedContext(vcpu, ROOT, 4096);
  private final SaveArea area = context.newSaveArea();
  private final Firmware firmware = context.watched(FirmwareAnswers.status(3));
  private final CallFrame frame = new CallFrame(context.memory());

  @Test
  void oneSaveAreaForTwoEntries() {
    context.enter(area);
    long[] inside = vcpu.registers();
    String thread = Thread.currentThread().getName();
    String message =
        "save area must not be in use by another entry: enteredBy=" + thread + ", thread=" + thread;
    assertEquals(
        message, assertThrows(IllegalStateException.class, () -> context.enter(area)).getMessage());
    assertArrayEquals(inside, vcpu.registers());
    assertEquals(1, context.depth());
    context.leave(area);
    assertMisused(message);
  }

  @Test
  void anotherContextsSaveArea() {
    SaveArea foreign = new ScriptedContext(vcpu, ROOT + 1, 4096).newSaveArea();
    assertThrows(IllegalStateException.class, () -> context.enter(foreign));
    assertMisused("save area must be one of this context's");
  }

  @Test
  void leavingWithoutHavingEntered() {
    long[] host = vcpu.registers();
    assertEquals(0, context.leave(area));
    context.enter(area);
    context.leave(area);
    assertEquals(0, context.leave(area));
    assertArrayEquals(host, vcpu.registers());
    assertEquals(0, context.depth());
    assertMisused("save area must be that of an entry");
  }

  @Test
  void leavingTheOuterEntryFirst() {
    SaveArea inner = context.newSaveArea();
    context.enter(area);
    context.enter(inner);
    context.leave(area);
    assertMisused("the innermost entry must be left first");
  }

  @Test
  void leavingOnAnotherThread() throws InterruptedException {
    context.enter(area);
    CallerThread<Integer> other = CallerThread.start(() -> context.leave(area));
    assertEquals(0, other.result());
    assertEquals(ScriptedVcpu.HOST_ROOT, vcpu.addressSpaceRoot());
    assertMisused(
        "context must be left by the thread that entered it: enteredBy="
            + Thread.currentThread().getName()
            + ", thread=caller");
  }

  @Test
  void callingFirmwareInside() {
    context.enter(area);
    assertEquals(3, firmware.call(frame));
    context.leave(area);
    context.assertUsedRightly();
  }

  @Test
  void callingFirmwareOutside() {
    assertEquals(3, firmware.call(frame));
    assertMisused("firmware must be called by the thread that entered");
    assertMisused("own address space: root=0x40000000, firmware=0x8000");
  }

  @Test
  void callingFirmwareOnAThreadThatHasNotEntered() throws InterruptedException {
    context.enter(area);
    assertEquals(3, CallerThread.start(() -> firmware.call(frame)).result());
    context.leave(area);
    assertMisused("firmware must be called by the thread that entered: thread=caller");
  }

  @Test
  void callingFirmwareWithMemoryOfAnotherContext() {
    CallFrame foreign = new CallFrame(new ScriptedContext(vcpu, ROOT + 1, 4096).memory());
    context.enter(area);
    firmware.call(foreign);
    context.leave(area);
    assertMisused("firmware must be called with the context's own memory");
  }

  @Test
  void enteringAndLeavingAllocateNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int calls = 20_000;
    long bytes = 0;
    // The first round warms up, and fills the log.
    for (int round = 0; round < 2; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < calls; i++) {
        context.enter(area);
        context.leave(area);
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertTrue(bytes < calls, "bytes=" + bytes);
    assertEquals(1024, context.events().size());
  }

  private void assertMisused(String how) {
    String message = assertThrows(AssertionError.class, context::assertUsedRightly).getMessage();
    assertTrue(message.contains(how), message);
  }
}
