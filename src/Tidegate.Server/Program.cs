using Tidegate.Gateway;

return args is ["gateway", .. var gateway] ? await GatewayHost.RunAsync(gateway, CancellationToken.None) : 0;
