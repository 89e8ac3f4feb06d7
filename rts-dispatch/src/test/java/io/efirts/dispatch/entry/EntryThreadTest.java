// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.machine.ContextEvent;
import io.efirts.testkit.machine.ScriptedContext;
import io.efirts.testkit.machine.ScriptedVcpu;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I-2: who enters the firmware's context. */
@Timeout(60)
class EntryThreadTest {
  @Test
  void theWorkerForQueuedCallsAndTheCallerForAllOthers() {
    ScriptedVcpu vcpu = new ScriptedVcpu();
    long[] host = vcpu.registers();
    ScriptedContext context = new ScriptedContext(vcpu, 0x1000, 1 << 20);
    Thread[] worker = new Thread[1];
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(() -> new FirmwareInstance(context.watched(new ScriptedFirmware()), context))
            .calls(4)
            .threads(
                work -> {
                  worker[0] = Thread.ofPlatform().daemon(true).name("worker").unstarted(work);
                  return worker[0];
                })
            .start()) {
      dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
      dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
      dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
    }
    Thread caller = Thread.currentThread();
    assertEquals(
        List.of(worker[0], worker[0], caller, caller, caller, caller),
        context.events().stream().map(ContextEvent::thread).toList());
    context.assertUsedRightly();
    assertArrayEquals(host, vcpu.registers());
  }
}
