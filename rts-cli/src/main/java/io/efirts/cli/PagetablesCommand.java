// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.x86.paging.Mapping;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.PlannedRegion;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import io.efirts.x86.plan.VirtualMap;
import io.efirts.x86.plan.VirtualWindow;
import io.efirts.x86.space.EfiAddressSpace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rts pagetables}: the tables in which firmware would be called, made from a memory map. */
@Command(
    name = "pagetables",
    description = {
      "Shows the page tables in which firmware is called, made from a memory map: every region at"
          + " its physical address and at a virtual one, before or after SetVirtualAddressMap.",
      "What is not used of the input is named on standard error, with the reason."
    },
    footer = {
      "",
      "A memory map has one of three forms, which its first region tells apart:",
      "* TYPE PHYSICAL VIRTUAL PAGES ATTRIBUTES in each line: a number or a name of",
      "  UEFI's, then numbers, decimal or 0xHEX. VIRTUAL is 0 where there is none.",
      "  # begins a comment.",
      "* efi: memNN: [...] range=[...] (NMB), Linux's boot log with efi=debug.",
      "* The first form, VIRTUAL nowhere 0: the regions that another kernel has",
      "  mapped. All of them are mapped, but at other addresses unless --successor.",
      "Of the first two forms, regions with RUNTIME and boot services memory are",
      "mapped. The tables lie in memory of their own, which seems to begin at 1 MiB.",
      "",
      "JSON: {regions: [{type, physicalAddress, virtualAddress, pages, attribute}],",
      "mappings: [{start, end, physicalAddress, pageSize, permissions, cache}]}, with",
      "--explain also explanation, an array of lines. Addresses and attributes are",
      "text in hex; virtualAddress is 0x0 where there is none; pages are of 4 KiB;",
      "end is the last address, inclusive; pageSize is in bytes; cache is WB, WT, WC,",
      "WP or UC."
    })
final class PagetablesCommand implements Runnable {
  @Option(
      names = "--arch",
      required = true,
      paramLabel = "x86_64",
      converter = Architecture.Converter.class,
      description = "The architecture; x86_64 only for now.")
  private Architecture architecture;

  @Option(
      names = "--levels",
      paramLabel = "4|5",
      defaultValue = "4",
      converter = LevelsConverter.class,
      description = "Levels of page tables. Default: ${DEFAULT-VALUE}.")
  private PagingMode mode;

  @Option(
      names = "--memmap",
      required = true,
      paramLabel = "FILE",
      description = "The memory map, in any of the forms below.")
  private Path memmap;

  @Option(
      names = "--attributes",
      paramLabel = "FILE",
      description = {
        "Firmware's memory attributes table, in the first form below. It takes effect with --after,"
            + " else it is only checked."
      })
  private Path attributes;

  @Option(
      names = "--after",
      description = {
        "After SetVirtualAddressMap: without boot services memory, and with the permissions that"
            + " the memory attributes table leaves."
      })
  private boolean after;

  @Option(
      names = "--successor",
      description = "Map at the map's virtual addresses, as a kernel started by kexec has to.")
  private boolean successor;

  @Option(
      names = "--explain",
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description = {
        "Show also every entry on the way to this virtual address, what it permits, and the"
            + " descriptor it came from."
      })
  private Long explained;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    MemoryMapFile file = MemoryMapFile.read(memmap);
    RuntimePermissions permissions =
        attributes == null
            ? RuntimePermissions.unrestricted()
            : AttributesFile.read(attributes).permissions(file.map(), err);
    try (TablesInMemory tables = make(file, permissions, err)) {
      List<String> explanation =
          explained == null ? null : tables.space().explain(new VirtualAddress(explained));
      print(tables, explanation);
    }
  }

  private TablesInMemory make(MemoryMapFile file, RuntimePermissions permissions, PrintWriter err) {
    try {
      VirtualMap plan = plan(file);
      report(plan.notPlaced(), err);
      return TablesInMemory.make(
          new TablesInMemory.Content(mode, file.map(), plan, after ? permissions : null),
          TablesInMemory.MAXIMUM_BYTES);
    } catch (IllegalArgumentException e) {
      throw new CliException(memmap + ": " + e.getMessage(), e);
    }
  }

  private VirtualMap plan(MemoryMapFile file) {
    MemoryMap map = file.map();
    if (successor && file.form() == MemoryMapForm.BOOT_LOG) {
      throw new IllegalArgumentException(
          "a boot log has no virtual addresses, which --successor needs");
    }
    VirtualAddressPlanner planner =
        successor
            ? VirtualAddressPlanner.successor(VirtualWindow.LINUX)
            : VirtualAddressPlanner.linux();
    return planner.plan(
        map,
        file.form() == MemoryMapForm.RUNTIME_MAP
            ? RegionSelection.ALL
            : RegionSelection.RUNTIME_AND_BOOT_SERVICES);
  }

  private void report(List<PlannedRegion> notPlaced, PrintWriter err) {
    for (PlannedRegion region : notPlaced) {
      CommandErrors.print(
          err,
          memmap
              + ": mapped at its physical address only, because "
              + (successor ? "the map gives it no virtual one" : "the window has no room")
              + ": physicalAddress="
              + HexText.of(region.physicalAddress())
              + ", pages="
              + region.pages());
    }
  }

  private void print(TablesInMemory tables, List<String> explanation) {
    EfiAddressSpace space = tables.space();
    PrintWriter out = spec.commandLine().getOut();
    List<Mapping> mappings = space.tables().mappings();
    if (json) {
      JsonOutput.print(
          out,
          new PagetablesSummary(
              RegionSummary.of(space.plan()), MappingSummary.of(mappings), explanation));
      return;
    }
    PagetablesText text = new PagetablesText(out);
    text.printSummary(tables, after);
    text.printRegions(space.plan().regions());
    text.printMappings(mappings);
    text.printWritableAndExecutable(space.writableAndExecutable());
    if (explanation != null) {
      text.printExplanation(explanation);
    }
  }
}
