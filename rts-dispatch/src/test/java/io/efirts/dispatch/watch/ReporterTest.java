// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.Serving;
import io.efirts.dispatch.entry.ContextRepairs;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.event.DispatcherListener;
import io.efirts.dispatch.gate.GateOwner;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.observe.BypassLog;
import io.efirts.dispatch.observe.Observer;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens while a round tells something else is told in its order. */
class ReporterTest {
  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(RuntimeService.SET_VARIABLE, FirmwareThrows.error(new AssertionError("injected")));
  private final List<DispatcherEvent> told = new ArrayList<>();

  @Test
  void aFaultIsToldBeforeTheModeItLedTo() {
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).storageReserve(0).invoker().start()) {
      ArmedInstance instance = Serving.of(dispatcher);
      DispatcherListener faulting =
          event -> {
            told.add(event);
            if (event instanceof DispatcherEvent.Seized) {
              // Faults were looked for already, modes were not told yet.
              dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
            }
          };
      Observer observer = new Observer();
      Reporter reporter =
          new Reporter(
              observer,
              new ContextRepairs(observer),
              new BypassLog(dispatcher.clock()),
              List.of(faulting));
      observer.seized(GateOwner.RESET);
      reporter.tell(instance);
      reporter.tell(instance);
      assertEquals(
          List.of(
              new DispatcherEvent.Seized("RESET"),
              new DispatcherEvent.Faulted(instance.fault()),
              new DispatcherEvent.ModeChanged(DispatcherMode.OPEN, DispatcherMode.DISABLED)),
          told);
    }
  }
}
