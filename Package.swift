// swift-tools-version:6.1
import PackageDescription

// AVX2 without fused multiply-add: the same bits as SSE2 and as any other width. Square roots set no errno, so that
// they can be taken eight at a time.
let swiftSettings: [SwiftSetting] = [
  .unsafeFlags(["-Xcc", "-mavx2", "-Xcc", "-fno-math-errno"]),
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// libmujoco comes from a pinned wheel under .deps/ (scripts/setup); a relative run path keeps a checkout movable.
let mujocoRunPath: [LinkerSetting] = [
  .unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../../../.deps/mujoco/lib"])
]

/// A library target under Sources/<name>.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

/// A stage of the pipeline, or the toolbox: an executable target under Sources/<name>.
func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, swiftSettings: swiftSettings, linkerSettings: mujocoRunPath)
}

/// A test target under Tests/<name>.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], resources: resources,
    swiftSettings: swiftSettings, linkerSettings: mujocoRunPath)
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let stageDependencies: [Target.Dependency] = ["Pipeline", argumentParser]

let package = Package(
  name: "PolicyGradEx",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // C libraries
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CMuJoCo", pkgConfig: "mujoco"),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // Leaves
    library("Random"),
    library("Workers"),
    library("Spelling"),
    library("Configuration", ["Spelling", "Yams"]),

    // Wrappers
    library("HDF5", ["CHDF5"]),
    .target(name: "CKernels"),
    library("LinearAlgebra", ["CKernels", "COpenBLAS"]),
    .target(name: "CMuJoCoShim", dependencies: ["CMuJoCo"]),
    library("MuJoCo", ["CMuJoCo", "CMuJoCoShim"]),
    library("Digest", ["CCrypto"]),

    // Worlds
    library("Environments", ["Random", "Spelling", "Workers"]),
    library("ClassicTasks", ["Environments", "Random"]),
    library("MuJoCoTasks", ["Environments", "MuJoCo", "Random"]),

    // Learning
    library("Policies", ["LinearAlgebra", "Random", "Workers"]),
    library("Training", ["Configuration", "Policies", "Environments", "Random", "Workers"]),

    // The method
    library("TaskAffinity", ["CKernels", "Policies", "LinearAlgebra", "Random", "Workers"]),
    library("Clustering", ["LinearAlgebra", "Random"]),
    library("Statistics", ["Random"]),

    // Glue
    library("Artifacts", ["HDF5", "Digest", "Spelling", "Workers"]),
    library(
      "Pipeline",
      [
        "Configuration", "Artifacts", "ClassicTasks", "MuJoCoTasks", "Environments", "Policies", "Training",
        "TaskAffinity", "Clustering", "Statistics", "LinearAlgebra", "Random", "Workers", "HDF5", "MuJoCo",
        "Spelling", "Digest",
        argumentParser, .product(name: "Logging", package: "swift-log"),
      ]),
    library(
      "Planning",
      ["Pipeline", "Configuration", "Artifacts", "Training", "Environments", "Spelling", "Workers"]),
    library("Reporting", ["Artifacts", "Clustering", "Statistics", "Random", "Spelling"]),

    // Executables: one per stage, and the toolbox
    executable("meta-train", stageDependencies),
    executable("collect-gradients", stageDependencies),
    executable("sample-subsets", stageDependencies),
    executable("linearized-adapt", stageDependencies),
    executable("score", stageDependencies),
    executable("cluster", stageDependencies),
    executable("full-train-eval", stageDependencies),
    executable("truth", stageDependencies + ["Artifacts"]),
    executable("pgx", stageDependencies + ["Artifacts", "Planning", "Reporting"]),

    // Speed beside others
    .executableTarget(
      name: "bench",
      dependencies: [
        "Artifacts", "Clustering", "ClassicTasks", "Configuration", "Environments", "LinearAlgebra", "MuJoCo",
        "MuJoCoTasks",
        "Policies",
        "Random",
        "TaskAffinity", "Training", "Workers", "CCSDP", argumentParser,
      ],
      path: "Benchmarks/bench", swiftSettings: swiftSettings, linkerSettings: mujocoRunPath),

    // Tests
    .target(
      name: "TestSupport", dependencies: ["HDF5", "Environments", "Policies", "Random"],
      path: "Tests/TestSupport", swiftSettings: swiftSettings),
    .target(name: "CCSDP", path: "Tests/CCSDP", linkerSettings: [.linkedLibrary("sdp")]),
    tests("RandomTests", ["Random", "Digest"], resources: [.copy("Fixtures")]),
    tests("WorkersTests", ["Workers"]),
    tests("SpellingTests", ["Spelling"]),
    tests("ConfigurationTests", ["Configuration"]),
    tests("HDF5Tests", ["HDF5"]),
    tests("LinearAlgebraTests", ["LinearAlgebra", "CKernels", "Random"]),
    tests(
      "EnvironmentsTests",
      ["Environments", "ClassicTasks", "MuJoCoTasks", "MuJoCo", "Random", "Workers", "HDF5", "Digest"],
      resources: [.copy("Fixtures")]),
    tests("PoliciesTests", ["Policies", "LinearAlgebra", "Random"], resources: [.copy("Fixtures")]),
    tests(
      "TrainingTests",
      ["Training", "Configuration", "Policies", "Environments", "ClassicTasks", "Random", "Workers"],
      resources: [.copy("Fixtures")]),
    tests(
      "TaskAffinityTests", ["TaskAffinity", "CKernels", "Policies", "LinearAlgebra", "Random", "Workers"]),
    tests("ClusteringTests", ["Clustering", "CCSDP", "LinearAlgebra", "Random"]),
    tests("StatisticsTests", ["Statistics", "Random"]),
    .executableTarget(
      name: "mutate-artifacts", dependencies: ["Artifacts", "Random", argumentParser],
      path: "Tests/MutateArtifacts", swiftSettings: swiftSettings),
    .executableTarget(
      name: "run-mutants", dependencies: [argumentParser], path: "Tests/Mutants", exclude: ["mutants.tsv"],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "train-with-fault",
      dependencies: stageDependencies + ["Configuration", "Environments", "ClassicTasks", "TestSupport"],
      path: "Tests/TrainWithFault", swiftSettings: swiftSettings, linkerSettings: mujocoRunPath),
    tests(
      "ReliabilityTests",
      [
        "Artifacts", "Configuration", "HDF5", "Pipeline", "Training", "Environments", "ClassicTasks",
        "mutate-artifacts", "train-with-fault",
      ]),
    tests("ArtifactsTests", ["Artifacts", "HDF5", "Digest"]),
    tests("ReportingTests", ["Reporting", "Artifacts", "Random", "Statistics"]),
    tests(
      "PipelineTests",
      [
        "Pipeline", "Configuration", "Artifacts", "Environments", "Policies", "Training", "Clustering",
        "MuJoCo",
        "HDF5", "Random", argumentParser,
      ]),
  ],
  cxxLanguageStandard: .cxx17
)
